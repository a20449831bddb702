import { expect } from 'chai'
import { actCode, DELIVERY } from '../../../../../kernel/contract/index.js'
import type { AgentBirth, Control, ShardEvent, ShardWork } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { ShardAgent } from '../../../../../kernel/lifecycle/shards/shard-agent.js'
import { ShardWorks } from '../../../../../kernel/lifecycle/shards/shard-works.js'
import { NameTable } from '../../../../../kernel/routing/directory/name-table.js'
import { TimerHeap } from '../../../../../kernel/routing/timer-heap.js'
import { UNDELIVERABLE } from '../../../../../kernel/routing/undeliverable.js'
import { looks, OPEN, ShardScene } from '../../../../support/shard-scene.js'

const EXACT = DELIVERY.indexOf('exactly-once')
const LEAST = DELIVERY.indexOf('at-least-once')
const worked = (committed: boolean): Control => ({ kind: 'worked', slot: 0, generation: 1, committed })
const STOP_NOW: Control = { kind: 'stop', ask: 9, slot: 0, now: true }
const BIRTH: AgentBirth = {
  handle: 20, generation: 1, slot: 0, name: 'a', module: 'm', granted: [], mailboxMessages: 10,
  scopes: undefined, messageRate: 0, logLines: 100, configuration: new Uint8Array(0),
  state: undefined, stateVersion: 1, isShadow: false, timers: [],
  limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 },
}
const HOW_MANY: Control = { kind: 'involved', ask: 3, handle: 2 }

describe('a shard with exactly-once messages', () => {
  let scene: ShardScene
  let number: number

  beforeEach(() => {
    scene = new ShardScene()
    number = 0
  })

  const post = (...texts: readonly string[]): void => {
    for (const text of texts) scene.post(text, 1, { delivery: EXACT, sequence: ++number })
  }
  const of = <Kind extends ShardEvent['kind']>(kind: Kind): Array<Extract<ShardEvent, { readonly kind: Kind }>> =>
    scene.events.filter((event): event is Extract<ShardEvent, { readonly kind: Kind }> => event.kind === kind)
  const works = (): ShardWork[] => of('works').flatMap(event => event.works)
  /** What became of each message, by number. */
  const outcomes = (): Record<number, string> => Object.fromEntries(of('settled').flatMap(event =>
    event.numbers.map((settled, index) => [settled, UNDELIVERABLE[event.outcomes[index] ?? -1] ?? 'handled'])))
  const conversations = (): number[] => of('involved').map(event => event.conversations)

  it('tells main in one piece what an agent did for them, and lets nothing go', () => {
    post('say hello', 'keep this', 'timer')
    scene.run([scene.create(), OPEN], ...looks(3), [])
    const [work] = works()
    expect(works()).to.have.length(1)
    expect(work).to.deep.include({ slot: 0, handle: 2, generation: 1, numbers: [1, 2, 3], state: Uint8Array.of(1) })
    expect(work?.frames).to.have.length(1)
    expect(work?.timers.map(([id]) => id)).to.deep.equal([7])
    expect(scene.answers).to.deep.equal([])
    expect(outcomes()).to.deep.equal({})
  })

  it('lets what only waited go when main has kept the work', () => {
    post('say hello')
    scene.run([scene.create(), OPEN], ...looks(1), [], [worked(true)], [])
    expect(scene.answers).to.deep.equal([actCode('inform')])
  })

  it('tells with the work how the conversations are that it touched', () => {
    post('begin one', 'begin two')
    scene.run([scene.create(), OPEN], ...looks(2), [])
    const [work] = works()
    expect(work?.conversations.gone).to.deep.equal([])
    expect(work?.conversations.changed.map(({ initiator, branches }) => [initiator, branches.map(({ state }) => state)]))
      .to.deep.equal([[2, ['requested']], [2, ['requested']]])
  })

  it('has one piece of work under way, and sends the next when that is settled', () => {
    scene.onNote = text => { if (text === 'one') post('two', 'three') }
    post('one')
    scene.run([scene.create(), OPEN], ...looks(6), [])
    expect(works().map(({ numbers }) => numbers)).to.deep.equal([[1]])

    scene = new ShardScene()
    number = 0
    scene.onNote = text => { if (text === 'one') post('two', 'three') }
    post('one')
    scene.run([scene.create(), OPEN], ...looks(6), [worked(true)], [])
    expect(works().map(({ numbers }) => numbers)).to.deep.equal([[1], [2, 3]])
  })

  it('has an agent wait that has done enough, and go on when its work is kept', () => {
    const count = 300
    scene.onNote = text => { if (text === 'first') for (let index = 0; index < count; index++) post('more') }
    post('first')
    scene.run([scene.create({ mailboxMessages: 1_000 }), OPEN], ...looks(count + 10))
    expect(scene.notes).to.have.length(1 + 256)

    scene = new ShardScene()
    scene.onNote = text => { if (text === 'first') for (let index = 0; index < count; index++) post('more') }
    post('first')
    scene.run([scene.create({ mailboxMessages: 1_000 }), OPEN], ...looks(count + 10), [worked(true)], [], [worked(true)], [])
    expect(scene.notes).to.have.length(1 + count)
  })

  it('says of an at-least-once message that it was handled, with the work when there is some', () => {
    scene.post('one', 1, { delivery: LEAST, sequence: 8 })
    scene.run([scene.create(), OPEN], ...looks(1), [])
    expect([outcomes(), works()]).to.deep.equal([{ 8: 'handled' }, []])

    scene = new ShardScene()
    post('exact')
    scene.post('least', 1, { delivery: LEAST, sequence: 8 })
    scene.run([scene.create(), OPEN], ...looks(2), [])
    expect([outcomes(), works().map(({ numbers }) => numbers)]).to.deep.equal([{}, [[1, 8]]])
  })

  for (const [what, reason] of [['trap', 'AGENT_TRAPPED'], ['complain', 'AGENT_REPORTED_FAILURE']] as const) {
    it(`has nothing happened of what an agent did since the latest commit when it answers with a ${what}`, () => {
      post('say hello', 'keep this', 'begin', what)
      scene.run([scene.create(), OPEN], ...looks(4), [HOW_MANY], [])
      expect(outcomes()).to.deep.equal({ 1: 'AGENT_RESTARTED', 2: 'AGENT_RESTARTED', 3: 'AGENT_RESTARTED', 4: reason })
      expect([works(), scene.answers, conversations()]).to.deep.equal([[], [], [0]])
    })
  }

  it('gives an agent that complains a new guest at once, with the state that was kept latest', () => {
    scene.onNote = text => { if (text === 'one') post('complain', 'two') }
    post('one')
    scene.run([scene.create(), OPEN], ...looks(4), [], [worked(true)], ...looks(3), [])
    expect(scene.loads).to.deep.equal([Uint8Array.of(1)])
    expect(scene.kinds).to.not.include('fault')
    expect(scene.notes).to.deep.equal(['one', 'complain', 'two'])
  })

  it('discards a guest whose work could not be kept, with what it did meanwhile, and begins anew', () => {
    scene.onNote = text => { if (text === 'begin') post('say more') }
    post('begin')
    scene.run([scene.create(), OPEN], ...looks(4), [HOW_MANY], [worked(false)], [HOW_MANY], [])
    expect(scene.births).to.equal(2)
    expect(outcomes(), 'of the first main knows').to.deep.equal({ 2: 'AGENT_RESTARTED' })
    expect([scene.answers, conversations()]).to.deep.equal([[], [1, 0]])
  })

  it('fires a kept timer until what its agent did then is kept', () => {
    scene.run([scene.create({ timers: [[7, 1]] }), OPEN], [], [], [worked(true)], [{ kind: 'restart', ask: 2, slot: 0 }], [], [])
    expect(scene.ticks, 'one that is overdue fires, once').to.deep.equal([7])
    expect(works().map(({ timers }) => timers)).to.deep.equal([[[7, 0]]])

    scene = new ShardScene()
    scene.run([scene.create({ timers: [[7, 1]] }), OPEN], [], [], [worked(false)], [], [])
    expect(scene.ticks, 'and again when what it did then was not kept').to.deep.equal([7, 7])
  })

  for (const [what, committed, answers] of [['kept', true, [actCode('inform')]], ['not kept', false, []]] as const) {
    it(`stops an agent at once, but for the work that is being committed: it is ${what}`, () => {
      post('say hello')
      scene.run([scene.create(), OPEN], ...looks(1), [], [STOP_NOW], [], [])
      expect(of('stopped'), 'not before it is known').to.deep.equal([])

      scene = new ShardScene()
      number = 0
      post('say hello')
      scene.run([scene.create(), OPEN], ...looks(1), [], [STOP_NOW], [], [worked(committed)], [])
      expect(of('stopped')).to.deep.equal([{ kind: 'stopped', ask: 9, state: undefined }])
      expect(scene.answers).to.deep.equal(answers)
      expect(scene.births).to.equal(1)
    })
  }

  it('stops an agent that was to finish first when its work is kept', () => {
    post('one')
    scene.run([scene.create(), OPEN], ...looks(1), [{ ...STOP_NOW, now: false }], [], [worked(true)], [])
    expect(of('stopped')).to.deep.equal([{ kind: 'stopped', ask: 9, state: Uint8Array.of(1) }])
  })

  it('stops an agent that traps over saving the state of its last work', () => {
    scene.onNote = () => { scene.savesBadly = true }
    post('one', 'two')
    scene.run([scene.create(), OPEN], ...looks(1), [{ ...STOP_NOW, now: false }], [], [])
    expect(scene.notes).to.deep.equal(['one', 'two'])
    expect(scene.kinds.filter(kind => kind === 'stopped')).to.have.length(1)
  })

  it('lets an act that was uttered before, in work that could not be kept, go also from the next version', () => {
    scene.onNote = text => { if (text === 'begin') post('fail') }
    scene.onEvent = ({ kind }) => { if (kind === 'upgraded') post('again') }
    post('begin')
    const accept: Control = { kind: 'settle', slot: 0, accept: true }
    scene.run(
      [scene.create(), OPEN], ...looks(3), [worked(true)], [], [worked(false)], [], [scene.upgrade(0)], [], [accept], ...looks(2),
      [worked(true)], [],
    )
    expect(scene.notes).to.deep.equal(['begin', 'fail', 'new: again'])
    expect(scene.answers).to.deep.equal([actCode('request'), actCode('request')])
  })
})

describe('the work of a shard\'s agents', () => {
  it('waits while too much is under way to the disk, and its agents gather', () => {
    const told: number[][] = []
    const works = new ShardWorks({
      held: { holdBack () {}, vouch: () => true, states: () => ({ changed: [], gone: [] }), unbegin () {}, release () {} },
      reports: { settled () {} }, timers: new TimerHeap(),
      tell: event => { if (event.kind === 'works') told.push(event.works.map(({ slot }) => slot)) },
    })
    const agents = [0, 1, 2].map(slot => new ShardAgent({ ...BIRTH, slot }, undefined, new NameTable()))
    const [first, ...others] = agents
    const flush = (): void => works.flush(() => ({ state: new Uint8Array(8 * 1024 * 1024) }))
    const handle = (agent: ShardAgent): void => {
      works.begin(agent, true)
      works.end(agent, 1)
    }
    if (first !== undefined) handle(first)
    flush()
    for (const agent of others) handle(agent)
    flush()
    expect([told, agents.map(({ isHeldUp }) => isHeldUp)]).to.deep.equal([[[0]], [false, true, true]])
    for (const agent of agents) {
      works.settled(agent, true)
      flush()
    }
    expect([told, agents.map(({ isHeldUp }) => isHeldUp)]).to.deep.equal([[[0], [1], [2]], [false, false, false]])
  })
})
