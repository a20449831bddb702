import { expect } from 'chai'
import { clusterStore } from '../../../../../plugins/cluster-swim/cluster-store.js'
import { Incarnation } from '../../../../../plugins/cluster-swim/members/incarnation.js'
import { MemoryStore } from '../../../../../plugins/store-memory/memory-store.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'

describe('Incarnation', () => {
  const log = new RecordingLogger()
  const newStore = async () => {
    const store = new MemoryStore({ max_size: 2 ** 20 }).scopeFor('cluster-swim')
    await store.migrate(clusterStore)
    return store
  }

  it('goes on above everything that it said before a restart', async () => {
    const store = await newStore()
    const first = new Incarnation(store, log)
    await first.load()
    let said = 0
    for (let turn = 0; turn < 500; turn++) said = first.raise()
    await first.settled()
    const second = new Incarnation(store, log)
    await second.load()
    expect(second.raise()).to.be.above(said)
  })

  it('rises above what this node was accused of, and remembers that', async () => {
    const store = await newStore()
    const first = new Incarnation(store, log)
    await first.load()
    expect(first.raise(7000)).to.equal(7001)
    await first.settled()
    const second = new Incarnation(store, log)
    await second.load()
    expect(second.raise()).to.be.above(7001)
  })

  it('stays within 32 bits, whatever it was accused of', async () => {
    const incarnation = new Incarnation(await newStore(), log)
    await incarnation.load()
    expect(incarnation.raise(2 ** 32 - 1)).to.equal(2 ** 32 - 1)
    expect(incarnation.raise(2 ** 32 - 1)).to.equal(2 ** 32 - 1)
  })
})
