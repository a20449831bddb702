import { expect } from 'chai'
import sinon from 'sinon'
import { actCode, FRAME_FLAGS } from '../../../../../kernel/contract/index.js'
import type { Control } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { AGENT_FIGURE, SHARD_FIGURE } from '../../../../../kernel/lifecycle/shards/shard-memory.js'
import { looks, OPEN, ShardScene, STOP } from '../../../../support/shard-scene.js'

describe('a shard', () => {
  let scene: ShardScene

  beforeEach(() => { scene = new ShardScene() })

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

  it('has the engine make things ready only while it has nothing else to do, and as long as there is something', () => {
    scene.hasRest = true
    scene.post('one')
    scene.post('two')
    scene.run([scene.create(), OPEN], [{ kind: 'forget-module', module: 'm' }])
    expect(scene.rests.slice(0, 4)).to.deep.equal(Array.from({ length: 4 }, () => ['one', 'two']))
    expect(scene.forgotten).to.deep.equal(['artefact'])
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

  it('sends nothing for an agent to somebody whom it may not write to, and counts that', () => {
    const known: Control = { kind: 'names', changes: { added: [['a', 2, 1]] } }
    const scopes = { send: ['b'], publish: undefined, subscribe: undefined, call: undefined }
    for (const text of ['keep', 'say', 'keep']) scene.post(text)
    scene.run([known, scene.create({ scopes }), OPEN], ...looks(3), [])
    expect(scene.answers).to.deep.equal([actCode('failure'), actCode('inform'), actCode('failure')])
    expect([scene.counters.read(SHARD_FIGURE.denied), scene.counters.readAgent(0, AGENT_FIGURE.denied)]).to.deep.equal([2, 2])
  })

  it('sends for an agent as often as it may, and refuses the rest', () => {
    for (let count = 0; count < 6; count++) scene.post('say')
    const clock = sinon.stub(performance, 'now').returns(1_000)
    try {
      scene.run([scene.create({ messageRate: 2 }), OPEN], ...looks(6), [])
    } finally {
      clock.restore()
    }
    expect(scene.answers).to.deep.equal([...Array<number>(4).fill(actCode('inform')), ...Array<number>(2).fill(actCode('failure'))])
    expect([scene.counters.read(SHARD_FIGURE.rated), scene.counters.read(SHARD_FIGURE.refused)]).to.deep.equal([2, 2])
  })

  it('says so when a record in a ring is no frame, and goes on with the next', () => {
    scene.toShard.bytes.fill(7, scene.toShard.reserve(200))
    scene.toShard.publish()
    scene.post('sound')
    scene.run([scene.create(), OPEN], [], [])
    expect(scene.events.find(event => event.kind === 'trouble')).to.have.property('message', 'a record of 200 bytes is no frame')
    expect(scene.notes).to.deep.equal(['sound'])
  })
})
