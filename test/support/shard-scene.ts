import sinon from 'sinon'
import { DELIVERY, FRAME, GuestFault, type Guest, type GuestHost } from '../../kernel/contract/index.js'
import type { AgentBirth, Control, ShardEvent } from '../../kernel/lifecycle/shards/shard-control.js'
import { SHARD_WORD, ShardCounters, sharedMemory } from '../../kernel/lifecycle/shards/shard-memory.js'
import { Shard } from '../../kernel/lifecycle/shards/shard.js'
import type { TracingRules } from '../../kernel/observability/tracing.js'
import { decodeFrame, encodeFrame, viewOf } from '../../kernel/routing/frames/frame.js'
import { RingReader, RingWriter } from '../../kernel/routing/frames/ring.js'
import { CALLER_HANDLE, CONDITION, RouteTable } from '../../kernel/routing/directory/route-table.js'
import { UNDELIVERABLE } from '../../kernel/routing/undeliverable.js'
import { REQUEST } from './request-protocol.js'
import { CONVERSATION_LIMITS } from './routing-scene.js'
import { NO_TRACING } from './trace-samples.js'

const LIMITS = { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 }
const FREE = { scopes: undefined, messageRate: 0, logLines: 100 }
const AGENT = { handle: 2, generation: 1 }
export const STOP: Control = { kind: 'stop', ask: 9, slot: 0, now: false }
export const OPEN: Control = { kind: 'open' }

const CALLER = { handle: CALLER_HANDLE, generation: 1 }
const NOBODY = { handle: 0, generation: 0 }
/** The timer that a guest sets when it is told to. */
const TIMER = 7

/** A guest that writes down what happens to it, and does what it is told. */
class NotingGuest implements Guest {
  constructor (private readonly host: GuestHost, private readonly scene: ShardScene, private readonly note: (text: string) => void) {}

  start (): number {
    return 0
  }

  handle (frame: Uint8Array, offset: number, length: number): number {
    const text = Buffer.from(decodeFrame(frame.subarray(offset, offset + length)).content).toString()
    this.note(text)
    const [verb] = text.split(' ')
    switch (verb) {
      case 'trap': throw new GuestFault('trap', 'unreachable')
      case 'complain': return -1
      case 'say': return this.#send('inform', text)
      case 'keep': return this.#send('inform', text, DELIVERY.indexOf('exactly-once'))
      case 'begin': return this.#send('request', text, 0, 'fipa-request')
      case 'again': return this.#send('request', text, 0, 'fipa-request', this.scene.conversation)
      case 'timer':
        this.host.timer(60_000, TIMER)
        return 0
      default: return 0
    }
  }

  tick (id: number): number {
    this.scene.ticks.push(id)
    return 0
  }

  save (): Uint8Array | undefined {
    if (this.scene.savesBadly) throw new GuestFault('trap', 'unreachable')
    return Uint8Array.of(1)
  }

  load (state: Uint8Array): number {
    this.scene.loads.push(state)
    return 0
  }

  /** To the callers, or to itself when it is to be kept: what goes to callers never is. */
  #send (act: 'inform' | 'request', text: string, delivery = 0, protocol?: string, conversation = 0n): number {
    const frame = encodeFrame({
      act, delivery, conversation, receiver: delivery === 0 ? CALLER : AGENT, sender: NOBODY,
      fields: protocol === undefined ? {} : { protocol },
      content: Buffer.from(text),
    })
    const result = this.host.send(frame, 0, frame.length)
    this.scene.conversation = decodeFrame(frame).conversation
    return result
  }

  stop (): void {
    this.host.log(1, 'good-bye')
  }

  memoryBytes (): number {
    return 65_536
  }

  fuelUsed (): number {
    return 10
  }
}

/** What else is said of a message in the ring. `sequence`: its delivery number. */
export interface Posted {
  readonly flags?: number
  readonly expires?: number
  readonly delivery?: number
  readonly sequence?: number
  /** It belongs to a trace that is recorded. */
  readonly isSampled?: boolean
}

/** A shard looks for orders before each frame that it takes: as many groups without an order. */
export const looks = (frames: number): Control[][] => Array.from({ length: frames }, () => [])

/** A shard in the test's own thread: it gets one group of orders at each look, and ends after the last. */
export class ShardScene {
  readonly memory = sharedMemory(1, 4)
  readonly routes = new RouteTable(this.memory.routes)
  readonly notes: string[] = []
  /** Timers that fired, and states that new guests began with. */
  readonly ticks: number[] = []
  readonly loads: Uint8Array[] = []
  /** Guests that were made so far. */
  births = 0
  tracing: TracingRules = NO_TRACING
  /** Its guests trap when they are to save. */
  savesBadly = false
  /** Its next orders come when it sleeps, and not before. */
  hasRest = false
  /** For how many milliseconds at most it slept each time. */
  readonly sleeps: number[] = []
  /** What was done by then each time that its engine was asked to make something ready, which it can three times; what it forgot. */
  readonly rests: string[][] = []
  readonly forgotten: unknown[] = []
  /** The conversation that its guests spoke in last. */
  conversation = 0n
  onNote: (text: string) => void = () => {}
  onEvent: (event: ShardEvent) => void = () => {}
  readonly events: ShardEvent[] = []
  readonly toShard = new RingWriter(this.memory.rings[0]?.[1] ?? new SharedArrayBuffer(0))
  readonly toMain = new RingReader(this.memory.rings[1]?.[0] ?? new SharedArrayBuffer(0))
  readonly counters = new ShardCounters(this.memory.counters[1] ?? new SharedArrayBuffer(0))

  constructor () {
    this.routes.set(CALLER_HANDLE, 1, 0, 0, CONDITION.running)
    this.routes.set(AGENT.handle, AGENT.generation, 1, 0, CONDITION.running)
  }

  run (...groups: readonly Control[][]): void {
    const left = [...groups, [{ kind: 'end' } as const]]
    const { words } = this.counters
    Atomics.add(words, SHARD_WORD.controls, 1)
    const takeControl = (): Control | undefined => {
      const control = left[0]?.shift()
      if (control !== undefined) return control
      left.shift()
      if (left.length > 0 && !this.hasRest) Atomics.add(words, SHARD_WORD.controls, 1)
      return undefined
    }
    const sleep = this.hasRest ? sinon.stub(Atomics, 'wait').callsFake((_words, _index, _value, milliseconds) => {
      this.sleeps.push(milliseconds ?? Infinity)
      Atomics.add(words, SHARD_WORD.controls, 1)
      return 'ok'
    }) : undefined
    new Shard({
      place: 1, memory: this.memory, factoryModule: '', engineSettings: {}, protocols: [REQUEST], epoch: 1n, start: 1,
      seed: Uint32Array.of(1, 2, 3, 4), tracing: this.tracing, agents: 4, mailboxBytes: 65_536, slabBytes: 2 ** 24, sendsPerMessage: 10,
      fanOut: 10, conversations: CONVERSATION_LIMITS,
    }, {
      create: (artefact, host) => {
        const mark = artefact === 'artefact' ? '' : `${String(artefact)}: `
        this.births += 1
        return new NotingGuest(host, this, text => this.#note(mark + text))
      },
      makeReady: () => this.rests.push([...this.notes]) < 4,
      forget: artefact => { this.forgotten.push(artefact) },
    }, takeControl, event => {
      this.events.push(event)
      this.onEvent(event)
    }).run()
    sleep?.restore()
  }

  #note (text: string): void {
    this.notes.push(text)
    this.onNote(text)
  }

  /** A message of a caller waits in the ring. */
  post (text: string, priority = 1, more: Posted = {}): void {
    const frame = encodeFrame({
      act: 'inform', receiver: AGENT, sender: { handle: CALLER_HANDLE, generation: 1 }, fields: {}, content: Buffer.from(text),
      priority, ...more,
    })
    viewOf(frame).setUint32(FRAME.sequence, more.sequence ?? 0, true)
    frame.fill(0x11, FRAME.traceId, FRAME.spanId)
    frame.fill(0x22, FRAME.spanId, FRAME.traceFlags)
    frame[FRAME.traceFlags] = more.isSampled === true ? 1 : 0
    this.toShard.bytes.set(frame, this.toShard.reserve(frame.length))
    this.toShard.publish()
  }

  /** Brings the agent in. `more`: what is special about it. */
  create (more: Partial<AgentBirth> = {}): Control {
    return {
      kind: 'create', ask: 1, modules: [['m', 'artefact']],
      agents: [{
        ...AGENT, slot: 0, name: 'a', module: 'm', limits: LIMITS, granted: ['send', 'log', 'timer'], mailboxMessages: 10,
        configuration: new Uint8Array(0), state: undefined, stateVersion: 1, isShadow: false, timers: [], ...FREE, ...more,
      }],
    }
  }

  upgrade (drain: number): Control {
    return {
      kind: 'upgrade', ask: 5, drain, takesState: true, modules: [['n', 'new']],
      agent: {
        ...AGENT, slot: 0, name: 'a', module: 'n', limits: LIMITS, granted: ['send', 'log'], mailboxMessages: 10,
        configuration: new Uint8Array(0), state: undefined, stateVersion: 1, isShadow: false, timers: [], ...FREE,
      },
    }
  }

  get kinds (): string[] {
    return this.events.map(({ kind }) => kind)
  }

  /** Act codes of the frames that came to main. */
  get answers (): number[] {
    const acts: number[] = []
    for (let at = this.toMain.peek(); at >= 0; at = this.toMain.peek()) {
      acts.push(this.toMain.bytes[at + FRAME.act] ?? 0)
      this.toMain.release()
    }
    return acts
  }

  get reasons (): string[] {
    return this.events.flatMap(event => event.kind === 'letters' ? event.reasons.map(reason => UNDELIVERABLE[reason] ?? '') : [])
  }
}
