import { expect } from 'chai'
import type { Control } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { SHARD_FIGURE } from '../../../../../kernel/lifecycle/shards/shard-memory.js'
import { OPEN, ShardScene } from '../../../../support/shard-scene.js'

describe('a shard with a new version of an agent', () => {
  let scene: ShardScene
  const ACCEPT: Control = { kind: 'settle', slot: 0, accept: true }
  const REJECT: Control = { kind: 'settle', slot: 0, accept: false }
  const post = (...texts: readonly string[]): void => { for (const text of texts) scene.post(text) }

  beforeEach(() => { scene = new ShardScene() })

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
