import { expect } from 'chai'
import fc from 'fast-check'
import { listingOf } from '../../../support/registry/registry-simulation.js'
import { SwimAndRegistry } from '../../../support/registry/swim-and-registry.js'

const SEED = fc.readConfigureGlobal().seed ?? 1
const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const NODES = LONG ? 100 : 16
const SMALLER = Math.floor(NODES * 0.49)
const MINUTES = 5

describe(`${NODES} nodes, parted ${SMALLER}|${NODES - SMALLER} for ${MINUTES} minutes (seed ${SEED})`, () => {
  it('know the same of all agents soon after they are together again, whatever both sides wrote', async function () {
    this.timeout(LONG ? 1_800_000 : 60_000)
    const cluster = new SwimAndRegistry(SEED)
    await cluster.start(NODES)
    await cluster.swim.until(() => cluster.swim.isComplete(), 20_000, 'all nodes see each other')
    const ids = [...cluster.registries.keys()]
    for (const id of ids) {
      for (let index = 0; index < 10; index++) cluster.registry(id).announce(listingOf(`${id}-first-${index}`))
    }
    await cluster.swim.until(() => cluster.dissenter() === undefined, 5_000, 'all nodes know all agents')

    cluster.part(id => Number(ids.indexOf(id) < SMALLER))
    for (let minute = 0; minute < MINUTES; minute++) {
      for (const id of ids) {
        cluster.registry(id).announce(listingOf(`${id}-minute-${minute}`, { topics: ['news/*'] }))
        cluster.registry(id).withdraw(`${id}-first-${minute}`)
      }
      // Both sides claim this one: the later claim is the higher.
      cluster.registry(ids[minute % 2 === 0 ? 0 : NODES - 1] ?? '').announce(listingOf('contested', { claim: minute + 1 }))
      await cluster.swim.time.pass(60_000)
    }
    const standings = new Set(ids.map(id => cluster.swim.node(id).swim.view().standing))
    expect(standings).to.deep.equal(new Set(['minority', 'majority']))
    expect(cluster.dissenter()).to.be.a('string')

    cluster.heal()
    await cluster.swim.until(() => cluster.swim.isComplete(), 5_000, 'all nodes see each other again')
    await cluster.swim.until(() => cluster.dissenter() === undefined, 5_000, 'all nodes know the same')
    expect(cluster.pictures()).to.equal(1)
    expect(new Set(ids.map(id => cluster.registry(id).find('contested')?.nodeId))).to.deep.equal(new Set([ids[0]]))
    expect(cluster.registry(ids[0] ?? '').count()).to.equal(NODES * 10 + 2)
    await cluster.stop()
  })
})
