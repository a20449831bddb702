import { expect } from 'chai'
import { SimulatedCluster } from '../../../support/cluster-swim/simulated-cluster.js'

describe('a simulated cluster of 100 nodes', function () {
  this.timeout(60_000)

  it('finds out within 4.5 s everywhere that a node is dead, and nobody else', async () => {
    const cluster = new SimulatedCluster(1)
    await cluster.start(100)
    await cluster.until(() => cluster.isComplete(), 10_000, 'all see all')
    cluster.kill('node-50')
    const everywhere = (): boolean => [...cluster.nodes.values()].every(({ swim }) => swim.member('node-50')?.state === 'dead')
    await cluster.until(everywhere, 4500, 'node-50 is dead everywhere')
    expect(cluster.changes('died').filter(({ change }) => change.member.nodeId !== 'node-50')).to.deep.equal([])
    await cluster.stop()
  })
})
