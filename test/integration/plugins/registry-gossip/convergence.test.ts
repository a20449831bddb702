import { expect } from 'chai'
import fc from 'fast-check'
import { listingOf, RegistrySimulation } from '../../../support/registry/registry-simulation.js'

const SEED = fc.readConfigureGlobal().seed ?? 1
const NODES = 100

describe(`registry-gossip in a simulated cluster of ${NODES} nodes (seed ${SEED})`, () => {
  let simulation: RegistrySimulation

  beforeEach(async () => {
    simulation = await RegistrySimulation.of(SEED, NODES)
    for (const { nodeId, registry } of simulation.living()) registry.announce(listingOf(`agent-of-${nodeId}`))
    await simulation.converge(5_000)
  })

  afterEach(() => simulation.end())

  const changeEverywhere = (): void => {
    for (const { nodeId, registry } of simulation.living()) {
      registry.announce(listingOf(`new-on-${nodeId}`, { claim: 2, offers: ['{"name":"bake"}'] }))
      if (simulation.random.fraction() < 0.5) registry.withdraw(`agent-of-${nodeId}`)
    }
  }

  it('makes a change known to all within a second when nothing is broken', async () => {
    changeEverywhere()
    expect(await simulation.converge(1_000)).to.be.most(1_000)
  })

  for (const share of [0.05, 0.2, 0.5]) {
    it(`makes a change known to all within five seconds when ${share * 100} % of the paths are broken`, async () => {
      simulation.breakPaths(share)
      changeEverywhere()
      expect(await simulation.converge(5_000)).to.be.most(5_000)
    })
  }
})
