import { FRAME, GuestFault, HOST_RESULTS, type FaultKind, type GuestFactory } from '../../contract/index.js'
import { Conversations } from '../../routing/conversations.js'
import { FrameSlab } from '../../routing/frame-slab.js'
import { Mailboxes } from '../../routing/mailboxes.js'
import { MessageStamp } from '../../routing/message-stamp.js'
import { NameTable } from '../../routing/name-table.js'
import { Post } from '../../routing/post.js'
import { ProtocolTable } from '../../routing/protocol-tables.js'
import { RingReader, RingWriter } from '../../routing/ring.js'
import { RouteTable } from '../../routing/route-table.js'
import { TimerHeap } from '../../routing/timer-heap.js'
import type { Undeliverable } from '../../routing/undeliverable.js'
import { WakeWord } from '../../routing/wake-word.js'
import { AgentHost, type ShardServices } from './agent-host.js'
import { RunQueue } from './run-queue.js'
import { ShardAgent } from './shard-agent.js'
import type { BirthResult, Control, ShardBirth, ShardEvent } from './shard-control.js'
import { ShardMailroom } from './shard-mailroom.js'
import { AGENT_FIGURE, SHARD_FIGURE, SHARD_WORD, ShardCounters } from './shard-memory.js'
import { ShardModules } from './shard-modules.js'
import { ShardReports } from './shard-reports.js'
import { ThreadWatch } from './thread-watch.js'

/** Messages that one agent handles before the next one's turn. */
const QUANTUM = 4
/** Frames taken from each ring, and agents served, before the shard looks around. */
const RING_BATCH = 64
const RUN_BATCH = 128
/** Timers fired before messages have their turn again. */
const TIMER_BATCH = 8
/** Longest sleep: only the heartbeat depends on it. */
const LONGEST_SLEEP = 1_000

/** What a message comes back with when its agent misbehaved. */
const FAULT_REASONS: Readonly<Record<FaultKind, Undeliverable>> = {
  trap: 'AGENT_TRAPPED', fuel: 'AGENT_OUT_OF_FUEL', stack: 'AGENT_STACK_OVERFLOW', memory: 'AGENT_OUT_OF_MEMORY', rejected: 'AGENT_REJECTED',
}

/**
 * One thread's agents: takes frames from the rings, gives each agent its turn, fires timers, sleeps when there is nothing to do.
 * Knows no WebAssembly: guests come from the engine's factory. Runs until told to end, and blocks its thread meanwhile.
 */
export class Shard implements ShardServices {
  readonly #routes: RouteTable
  readonly #counters: ShardCounters
  readonly #slab: FrameSlab
  readonly #mailboxes: Mailboxes
  readonly #agents: Array<ShardAgent | undefined>
  readonly #runQueue: RunQueue
  readonly #names = new NameTable()
  readonly #modules = new ShardModules()
  readonly #timers = new TimerHeap()
  readonly #readers: readonly RingReader[]
  readonly #wake: WakeWord
  readonly #stamp: MessageStamp
  readonly #reports: ShardReports
  readonly #post: Post
  readonly #threadWatch = new ThreadWatch()
  /** While a timer is handled: when it was due. */
  #tickDue = 0
  #ended = false
  #controlsSeen = 0

  constructor (
    private readonly birth: ShardBirth,
    private readonly factory: GuestFactory,
    private readonly takeControl: () => Control | undefined,
    private readonly tell: (event: ShardEvent) => void,
  ) {
    const { memory, place } = birth
    this.#routes = new RouteTable(memory.routes)
    this.#counters = new ShardCounters(memory.counters[place] ?? missing('counters'))
    this.#slab = new FrameSlab(birth.slabBytes)
    this.#mailboxes = new Mailboxes(this.#slab, birth.agents, birth.mailboxBytes)
    this.#agents = new Array<ShardAgent | undefined>(birth.agents).fill(undefined)
    this.#runQueue = new RunQueue(birth.agents)
    this.#readers = memory.rings.filter((_, from) => from !== place).map(row => new RingReader(row[place] ?? missing('ring')))
    const wakes = memory.wakes.map(buffer => new WakeWord(buffer))
    this.#wake = wakes[place] ?? missing('wake word')
    this.#stamp = new MessageStamp(birth.epoch, place, birth.seed, birth.traceSampling)
    this.#reports = new ShardReports(this.#counters, tell)
    this.#post = new Post({
      place,
      routes: this.#routes,
      names: this.#names,
      writers: (memory.rings[place] ?? []).map((buffer, to) => to === place ? undefined : new RingWriter(buffer)),
      wakes,
      conversations: new Conversations(place, birth.start),
      protocols: birth.protocols.map(protocol => new ProtocolTable(protocol)),
      stamp: this.#stamp,
      local: new ShardMailroom(this.#routes, this.#agents, this.#slab, this.#mailboxes, this.#runQueue),
      observer: this.#reports,
      now: Date.now,
    })
  }

  /** The shard's whole life. */
  run (): void {
    this.#threadWatch.open()
    this.tell({ kind: 'ready' })
    while (!this.#ended) {
      this.#obey()
      this.#drainRings()
      this.#serveAgents()
      this.#fireTimers()
      this.#reports.flush()
      const isClean = this.#threadWatch.sliceEnded(performance.now())
      if (isClean !== undefined) this.#counters.endSlice(isClean)
      if (!this.#ended && !this.#hasWork()) this.#wake.sleep(this.#restFor(), () => this.#hasWork())
    }
    this.#threadWatch.close()
  }

  send (agent: ShardAgent, memory: Uint8Array, offset: number, length: number): number {
    if (agent.sendsLeft <= 0) return this.#refused(HOST_RESULTS.quota)
    if (!agent.may('send')) return this.#refused(HOST_RESULTS.denied)
    if (length > agent.birth.limits.messageBytes) return this.#refused(HOST_RESULTS.tooLarge)
    agent.sendsLeft -= 1
    const result = this.#post.send(memory, agent.viewOf(memory), offset, length, agent.handle, agent.birth.generation)
    if (result !== HOST_RESULTS.ok) return this.#refused(result)
    this.#counters.add(SHARD_FIGURE.sent)
    this.#counters.addAgent(agent.slot, AGENT_FIGURE.sent)
    return result
  }

  lookup (name: string): bigint {
    return this.#names.address(name)
  }

  announce (agent: ShardAgent, description: string): void {
    this.tell({ kind: 'capability', handle: agent.handle, description })
  }

  setTimer (agent: ShardAgent, milliseconds: number, id: number): void {
    // From a timer's own tick it counts from when that tick was due, so that a beat does not drift and beats do not gather.
    const now = performance.now()
    const from = Math.max(this.#tickDue, now - milliseconds)
    const entry = { due: (this.#tickDue > 0 ? from : now) + milliseconds, owner: agent.slot, id, cancelled: false }
    agent.timers?.set(id, entry)
    this.#timers.add(entry)
  }

  log (agent: ShardAgent, level: number, text: string): void {
    this.#reports.log({ handle: agent.handle, at: Date.now(), level, text })
  }

  logLost (): void {
    this.#counters.add(SHARD_FIGURE.logsLost)
  }

  #refused (result: number): number {
    this.#counters.add(SHARD_FIGURE.refused)
    return result
  }

  #obey (): void {
    const posted = Atomics.load(this.#counters.words, SHARD_WORD.controls)
    if (posted === this.#controlsSeen) return
    this.#controlsSeen = posted
    for (let control = this.takeControl(); control !== undefined; control = this.takeControl()) this.#obeyOne(control)
  }

  #obeyOne (control: Control): void {
    switch (control.kind) {
      case 'create': return this.#create(control)
      case 'forget-module':
        this.#modules.forget(control.module)
        return undefined
      case 'restart': return this.#restart(control.ask, control.slot)
      case 'stop': return this.#stop(control.ask, control.slot, control.now)
      case 'park': return this.#park(control.slot)
      case 'names': return this.#rename(control)
      case 'end':
        this.#ended = true
    }
  }

  #rename (control: Extract<Control, { kind: 'names' }>): void {
    for (const name of control.removed) this.#names.delete(name)
    for (const [name, handle, generation] of control.added) this.#names.set(name, handle, generation)
  }

  #create ({ ask, modules, agents }: Extract<Control, { kind: 'create' }>): void {
    for (const [key, artefact] of modules) this.#modules.add(key, artefact)
    const results = agents.map((birth): BirthResult => {
      const agent = new ShardAgent(this.#modules.settled(birth), this.#modules.artefact(birth.module))
      this.#agents[birth.slot] = agent
      this.#counters.clearAgent(birth.slot)
      this.#mailboxes.bound(birth.slot, birth.mailboxMessages)
      return this.#bearTimed(agent, birth.state)
    })
    this.tell({ kind: 'created', ask, results })
  }

  #restart (ask: number, slot: number): void {
    const agent = this.#agents[slot]
    if (agent === undefined) return
    agent.parked = false
    this.tell({ kind: 'created', ask, results: [this.#bearTimed(agent, undefined)] })
  }

  #bearTimed (agent: ShardAgent, state: Uint8Array | undefined): BirthResult {
    const began = performance.now()
    return { ...this.#bear(agent, state), milliseconds: performance.now() - began }
  }

  #bear (agent: ShardAgent, state: Uint8Array | undefined): Omit<BirthResult, 'milliseconds'> {
    try {
      this.#begin(agent)
      const failure = agent.bear(this.factory, new AgentHost(agent, this), state)
      this.#counters.setAgent(agent.slot, AGENT_FIGURE.memory, agent.guest?.memoryBytes() ?? 0)
      if (failure === undefined) {
        if (this.#mailboxes.count(agent.slot) > 0) this.#runQueue.add(agent)
        return { handle: agent.handle }
      }
      agent.discard()
      return { handle: agent.handle, failure }
    } catch (error) {
      agent.discard()
      return { handle: agent.handle, failure: messageOf(error) }
    } finally {
      this.#end()
    }
  }

  #stop (ask: number, slot: number, now: boolean): void {
    const agent = this.#agents[slot]
    if (agent === undefined) {
      this.tell({ kind: 'stopped', ask, state: undefined, failure: 'there is no such agent in the shard' })
      return
    }
    if (now || agent.guest === undefined) this.#bounceAll(agent, 'AGENT_NOT_RUNNING')
    const isSecondOrder = agent.stopping !== undefined
    agent.stopping ??= ask
    if (this.#mailboxes.count(slot) === 0) this.#finish(agent)
    if (isSecondOrder) this.tell({ kind: 'stopped', ask, state: undefined })
  }

  /** The mailbox of a stopping agent is empty: save, stop, answer. */
  #finish (agent: ShardAgent): void {
    const ask = agent.stopping ?? 0
    agent.stopping = undefined
    agent.parked = true
    let state: Uint8Array | undefined
    let failure: string | undefined
    try {
      this.#begin(agent)
      state = agent.guest?.save()
      agent.guest?.stop()
    } catch (error) {
      failure = messageOf(error)
    } finally {
      this.#end()
    }
    agent.discard()
    this.#agents[agent.slot] = undefined
    this.#counters.setAgent(agent.slot, AGENT_FIGURE.memory, 0)
    this.tell({ kind: 'stopped', ask, state, ...failure === undefined ? {} : { failure } })
  }

  #park (slot: number): void {
    const agent = this.#agents[slot]
    if (agent === undefined) return
    agent.parked = true
    agent.discard()
    this.#bounceAll(agent, 'AGENT_NOT_RUNNING')
  }

  #bounceAll (agent: ShardAgent, reason: Undeliverable): void {
    for (let slot = this.#mailboxes.first(agent.slot); slot >= 0; slot = this.#mailboxes.first(agent.slot)) {
      const bytes = this.#slab.bytes(slot)
      const view = this.#slab.view(slot)
      const at = this.#slab.offset(slot)
      const length = view.getUint32(at + FRAME.length, true)
      this.#mailboxes.shift(agent.slot, length)
      this.#post.bounce(bytes, view, at, length, reason)
      this.#slab.release(slot)
    }
    this.#counters.setAgent(agent.slot, AGENT_FIGURE.mailbox, 0)
  }

  #drainRings (): void {
    for (const reader of this.#readers) {
      for (let count = 0; count < RING_BATCH; count++) {
        const at = reader.peek()
        if (at < 0) break
        this.#post.arrive(reader.bytes, reader.view, at, reader.length)
        reader.release()
      }
    }
  }

  #serveAgents (): void {
    for (let count = 0; count < RUN_BATCH; count++) {
      const agent = this.#runQueue.take()
      if (agent === undefined) return
      for (let turn = 0; turn < QUANTUM && agent.guest !== undefined && this.#mailboxes.count(agent.slot) > 0; turn++) this.#handle(agent)
      this.#counters.setAgent(agent.slot, AGENT_FIGURE.mailbox, this.#mailboxes.count(agent.slot))
      if (this.#mailboxes.count(agent.slot) > 0 && agent.guest !== undefined) this.#runQueue.add(agent)
      else if (agent.stopping !== undefined) this.#finish(agent)
    }
  }

  #handle (agent: ShardAgent): void {
    const slot = this.#mailboxes.first(agent.slot)
    const bytes = this.#slab.bytes(slot)
    const view = this.#slab.view(slot)
    const at = this.#slab.offset(slot)
    const length = view.getUint32(at + FRAME.length, true)
    this.#mailboxes.shift(agent.slot, length)
    this.#counters.recordLatency((performance.now() - this.#slab.stamp(slot)) * 1_000)
    this.#stamp.continueTrace(view, at)
    this.#begin(agent)
    try {
      const result = agent.guest?.handle(bytes, at, length) ?? 0
      this.#account(agent, agent.guest?.fuelUsed() ?? 0)
      if (result < 0) this.#fail(agent, bytes, view, at, length, 'AGENT_REPORTED_FAILURE')
      else this.#counters.addAgent(agent.slot, AGENT_FIGURE.handled)
      this.#counters.add(SHARD_FIGURE.delivered)
    } catch (error) {
      const fault = faultOf(error)
      this.#account(agent, agent.guest?.fuelUsed() ?? 0)
      this.#fail(agent, bytes, view, at, length, FAULT_REASONS[fault])
      this.#fault(agent, fault, messageOf(error))
    } finally {
      this.#end()
      this.#slab.release(slot)
    }
  }

  #fireTimers (): void {
    const now = performance.now()
    for (let count = 0; count < TIMER_BATCH && this.#timers.due <= now; count++) {
      const entry = this.#timers.take(now)
      const agent = entry === undefined ? undefined : this.#agents[entry.owner]
      if (entry === undefined || agent?.guest === undefined) continue
      agent.timers?.delete(entry.id)
      this.#tickDue = entry.due
      this.#tick(agent, entry.id)
    }
    this.#tickDue = 0
    if (this.#post.due <= Date.now()) this.#post.expire(this.birth.conversationIdle)
  }

  #tick (agent: ShardAgent, id: number): void {
    this.#stamp.beginTrace()
    this.#begin(agent)
    try {
      agent.guest?.tick(id)
      this.#account(agent, agent.guest?.fuelUsed() ?? 0)
    } catch (error) {
      this.#fault(agent, faultOf(error), messageOf(error))
    } finally {
      this.#end()
    }
  }

  /** Opens an agent's turn: the heartbeat names it, its quotas are full. */
  #begin (agent: ShardAgent): void {
    agent.sendsLeft = this.birth.sendsPerMessage
    const { words } = this.#counters
    Atomics.store(words, SHARD_WORD.running, agent.handle)
    Atomics.add(words, SHARD_WORD.activity, 1)
  }

  #end (): void {
    Atomics.store(this.#counters.words, SHARD_WORD.running, 0)
  }

  #account (agent: ShardAgent, fuel: number): void {
    this.#counters.addAgent(agent.slot, AGENT_FIGURE.fuel, fuel)
    this.#counters.setAgent(agent.slot, AGENT_FIGURE.memory, agent.guest?.memoryBytes() ?? 0)
  }

  #fail (agent: ShardAgent, bytes: Uint8Array, view: DataView, at: number, length: number, reason: Undeliverable): void {
    this.#counters.addAgent(agent.slot, AGENT_FIGURE.failed)
    this.#post.bounce(bytes, view, at, length, reason)
  }

  #fault (agent: ShardAgent, fault: FaultKind, message: string): void {
    agent.discard()
    this.#counters.add(SHARD_FIGURE.faults)
    this.tell({ kind: 'fault', handle: agent.handle, fault, message })
    if (agent.stopping === undefined) return
    this.#bounceAll(agent, 'AGENT_NOT_RUNNING')
    this.#finish(agent)
  }

  #hasWork (): boolean {
    if (!this.#runQueue.isEmpty || this.#timers.due <= performance.now()) return true
    if (Atomics.load(this.#counters.words, SHARD_WORD.controls) !== this.#controlsSeen) return true
    for (const reader of this.#readers) if (!reader.isEmpty) return true
    return false
  }

  /** Milliseconds until something is due. */
  #restFor (): number {
    const due = Math.min(this.#timers.due - performance.now(), this.#post.due - Date.now(), LONGEST_SLEEP)
    return Math.max(0, due)
  }
}

const faultOf = (error: unknown): FaultKind => error instanceof GuestFault ? error.kind : 'trap'
const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

function missing (what: string): never {
  throw new Error(`the shard was born without its ${what}`)
}
