import { expect } from 'chai'
import sinon from 'sinon'
import { actCode, FRAME, FRAME_FLAGS, GuestFault, type Guest, type GuestHost } from '../../../../../kernel/contract/index.js'
import type { Control, ShardEvent } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { SHARD_FIGURE, SHARD_WORD, ShardCounters, sharedMemory } from '../../../../../kernel/lifecycle/shards/shard-memory.js'
import { Shard } from '../../../../../kernel/lifecycle/shards/shard.js'
import { decodeFrame, encodeFrame } from '../../../../../kernel/routing/frame.js'
import { RingReader, RingWriter } from '../../../../../kernel/routing/ring.js'
import { CALLER_HANDLE, CONDITION, RouteTable } from '../../../../../kernel/routing/route-table.js'
import { UNDELIVERABLE } from '../../../../../kernel/routing/undeliverable.js'
import { CONVERSATION_LIMITS } from '../../../../support/routing-scene.js'

const LIMITS = { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 }
const AGENT = { handle: 2, generation: 1 }
const STOP: Control = { kind: 'stop', ask: 9, slot: 0, now: false }
const OPEN: Control = { kind: 'open' }

/** A guest that writes down what happens to it. */
class NotingGuest implements Guest {
  constructor (private readonly host: GuestHost, private readonly note: (text: string) => void) {}

  start (): number {
    return 0
  }

  handle (frame: Uint8Array, offset: number, length: number): number {
    const text = Buffer.from(decodeFrame(frame.subarray(offset, offset + length)).content).toString()
    this.note(text)
    if (text === 'trap') throw new GuestFault('trap', 'unreachable')
    return text === 'complain' ? -1 : 0
  }

  tick (): number {
    return 0
  }

  save (): Uint8Array | undefined {
    return Uint8Array.of(1)
  }

  load (): number {
    return 0
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

/** A shard looks for orders before each frame that it takes: as many groups without an order. */
const looks = (frames: number): Control[][] => Array.from({ length: frames }, () => [])

/** A shard in the test's own thread: it gets one group of orders at each look, and ends after the last. */
class Scene {
  readonly memory = sharedMemory(1, 4)
  readonly routes = new RouteTable(this.memory.routes)
  readonly notes: string[] = []
  onNote: (text: string) => void = () => {}
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
      if (left.length > 0) Atomics.add(words, SHARD_WORD.controls, 1)
      return undefined
    }
    new Shard({
      place: 1, memory: this.memory, factoryModule: '', engineSettings: {}, protocols: [], epoch: 1n, start: 1,
      seed: Uint32Array.of(1, 2, 3, 4), traceSampling: 0, agents: 4, mailboxBytes: 65_536, slabBytes: 2 ** 24, sendsPerMessage: 10,
      conversations: CONVERSATION_LIMITS,
    }, {
      create: (artefact, host) => {
        const mark = artefact === 'artefact' ? '' : `${String(artefact)}: `
        return new NotingGuest(host, text => this.#note(mark + text))
      },
    }, takeControl, event => this.events.push(event)).run()
  }

  #note (text: string): void {
    this.notes.push(text)
    this.onNote(text)
  }

  /** A message of a caller waits in the ring. */
  post (text: string, priority = 1, more: { readonly flags?: number, readonly expires?: number } = {}): void {
    const frame = encodeFrame({
      act: 'inform', receiver: AGENT, sender: { handle: CALLER_HANDLE, generation: 1 }, fields: {}, content: Buffer.from(text),
      priority, ...more,
    })
    this.toShard.bytes.set(frame, this.toShard.reserve(frame.length))
    this.toShard.publish()
  }

  create (): Control {
    return {
      kind: 'create', ask: 1, modules: [['m', 'artefact']],
      agents: [{
        ...AGENT, slot: 0, name: 'a', module: 'm', limits: LIMITS, granted: ['send', 'log'], mailboxMessages: 10,
        configuration: new Uint8Array(0), state: undefined, stateVersion: 1, isShadow: false,
      }],
    }
  }

  upgrade (drain: number): Control {
    return {
      kind: 'upgrade', ask: 5, drain, takesState: true, modules: [['n', 'new']],
      agent: {
        ...AGENT, slot: 0, name: 'a', module: 'n', limits: LIMITS, granted: ['send', 'log'], mailboxMessages: 10,
        configuration: new Uint8Array(0), state: undefined, stateVersion: 1, isShadow: false,
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

describe('a shard', () => {
  let scene: Scene

  beforeEach(() => { scene = new Scene() })

  it('hands messages to its agents', () => {
    scene.post('one')
    scene.post('two')
    scene.run([scene.create(), OPEN], [])
    expect(scene.notes).to.deep.equal(['one', 'two'])
  })

  it('hands over what is more urgent first, and never forgets the rest', () => {
    scene.post('low', 0)
    for (let count = 1; count <= 9; count++) scene.post(`${count}`, 3)
    scene.run([scene.create(), OPEN], ...looks(10), [])
    expect(scene.notes).to.deep.equal(['1', '2', '3', '4', '5', '6', '7', '8', 'low', '9'])
  })

  it('tells who wants to know that a message was handled, and when it was not, that instead', () => {
    for (const text of ['one', 'complain', 'trap']) scene.post(text, 1, { flags: FRAME_FLAGS.receipt })
    scene.post('quiet')
    scene.run([scene.create(), OPEN], ...looks(4), [])
    expect(scene.answers).to.deep.equal([actCode('inform'), actCode('failure'), actCode('failure')])
  })

  it('does not hand over what expired while it waited', () => {
    const clock = sinon.stub(Date, 'now').returns(1_000)
    try {
      scene.onNote = text => { if (text === 'slow') clock.returns(2_000) }
      scene.post('slow')
      scene.post('late', 1, { expires: 2_000 })
      scene.post('in time', 1, { expires: 2_001 })
      scene.run([scene.create(), OPEN], ...looks(3))
    } finally {
      clock.restore()
    }
    expect(scene.notes).to.deep.equal(['slow', 'in time'])
    expect(scene.reasons).to.deep.equal(['MESSAGE_EXPIRED'])
    expect(scene.counters.read(SHARD_FIGURE.pending)).to.equal(0)
  })

  it('leaves messages in the rings until it is told that its agents are there', () => {
    scene.post('under way')
    scene.run([], [], [scene.create()], [OPEN], [])
    expect(scene.notes).to.deep.equal(['under way'])
    expect(scene.reasons).to.deep.equal([])
  })

  it('gives a message back whose agent is not there', () => {
    scene.post('late')
    scene.run([OPEN], [])
    expect(scene.reasons).to.deep.equal(['AGENT_NOT_RUNNING'])
    expect(scene.answers).to.deep.equal([actCode('failure')])
  })

  it('gives a message back on which the guest trapped, and holds the next until the guest is restarted', () => {
    scene.post('trap')
    scene.post('after')
    scene.run([scene.create(), OPEN], ...looks(2), [{ kind: 'restart', ask: 2, slot: 0 }], [])
    expect(scene.notes).to.deep.equal(['trap', 'after'])
    expect(scene.kinds.filter(kind => kind === 'fault')).to.have.length(1)
    expect(scene.reasons).to.deep.equal(['AGENT_TRAPPED'])
  })

  it('says in an answer of its own that it does not know an agent it is to restart or to stop', () => {
    scene.run([{ kind: 'restart', ask: 5, slot: 3 }, { kind: 'stop', ask: 6, slot: 3, now: true }])
    expect(scene.events).to.deep.include({ kind: 'created', ask: 5, results: [], announced: [] })
    expect(scene.events.find(event => event.kind === 'stopped')).to.include({ ask: 6 })
  })

  it('stops an agent when it has handled what was queued, and tells its last words before its end', () => {
    scene.post('one')
    scene.run([scene.create(), OPEN], ...looks(1), [STOP])
    expect(scene.notes).to.deep.equal(['one'])
    expect(scene.kinds.slice(-2)).to.deep.equal(['logs', 'stopped'])
    expect(scene.events.at(-1)).to.deep.include({ ask: 9, state: Uint8Array.of(1) })
  })

  it('gives back what waits for a parked agent, and counts nothing as waiting any more', () => {
    scene.post('trap')
    scene.post('one')
    scene.post('two')
    scene.run([scene.create(), OPEN], ...looks(3), [{ kind: 'park', slot: 0 }], [])
    expect(scene.reasons).to.deep.equal(['AGENT_TRAPPED', 'AGENT_NOT_RUNNING', 'AGENT_NOT_RUNNING'])
    expect(scene.counters.read(5)).to.equal(0)
  })

  it('stops an agent that trapped while it was to stop', () => {
    for (const text of ['one', 'two', 'three', 'four', 'trap', 'six']) scene.post(text)
    scene.run([scene.create(), OPEN], ...looks(5), [STOP], [], [])
    expect(scene.kinds.filter(kind => kind === 'stopped')).to.have.length(1)
    expect(scene.reasons).to.deep.equal(['AGENT_TRAPPED', 'AGENT_NOT_RUNNING'])
  })

  it('says so when a record in a ring is no frame, and goes on with the next', () => {
    scene.toShard.bytes.fill(7, scene.toShard.reserve(200))
    scene.toShard.publish()
    scene.post('sound')
    scene.run([scene.create(), OPEN], [], [])
    expect(scene.events.find(event => event.kind === 'trouble')).to.have.property('message', 'a record of 200 bytes is no frame')
    expect(scene.notes).to.deep.equal(['sound'])
  })

  describe('with a new version of an agent', () => {
    const ACCEPT: Control = { kind: 'settle', slot: 0, accept: true }
    const REJECT: Control = { kind: 'settle', slot: 0, accept: false }
    const post = (...texts: readonly string[]): void => { for (const text of texts) scene.post(text) }

    it('leaves to it what is queued when that is wanted', () => {
      post('one', 'two')
      scene.run([scene.create(), OPEN], [], [scene.upgrade(0)], [], [ACCEPT], [], [])
      expect(scene.notes).to.deep.equal(['new: one', 'new: two'])
    })

    it('lets the old one handle first what is queued', () => {
      post('one', 'two')
      scene.run([scene.create(), OPEN], [], [scene.upgrade(60_000)], [], [ACCEPT], [], [])
      expect(scene.notes).to.deep.equal(['one', 'two'])
      expect(scene.kinds.filter(kind => kind === 'upgraded')).to.have.length(1)
    })

    it('gives a turn to neither until it is settled', () => {
      post('one')
      scene.run([scene.create(), OPEN], [scene.upgrade(0)], [], [], [])
      expect(scene.notes).to.deep.equal([])
      expect(scene.counters.read(SHARD_FIGURE.pending)).to.equal(1)
    })

    it('goes on with the old one when it is not accepted', () => {
      post('one')
      scene.run([scene.create(), OPEN], [scene.upgrade(0)], [], [REJECT], [], [])
      expect(scene.notes).to.deep.equal(['one'])
    })
  })
})
