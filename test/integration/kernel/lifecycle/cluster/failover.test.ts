import { expect } from 'chai'
import { PlacementStrategy } from '../../../../../kernel/contract/index.js'
import { ClusterScene, type SceneNode } from '../../../../support/cluster-scene.js'
import { textOf } from '../../../../support/hosting.js'
import { until } from '../../../../support/until.js'

describe('agents whose node dies', () => {
  let scene: ClusterScene
  let one: SceneNode
  let two: SceneNode
  let three: SceneNode
  const copied = (node: SceneNode): Promise<void> => until(() => node.cluster.failover?.copies.missing === 0)
  const hosts = (node: SceneNode, name: string): boolean => node.server.hosting.agents.roster.ofName(name) !== undefined
  const answerOf = async (node: SceneNode, name: string): Promise<string> =>
    textOf((await node.server.ask(name, {}, 500).catch(() => []))[0])

  beforeEach(async () => {
    scene = new ClusterScene()
    one = await scene.node('node-1')
    two = await scene.node('node-2')
    three = await scene.node('node-3')
  })
  afterEach(() => scene.stop())

  it('are copied to as many other nodes as the configuration says, their module once', async () => {
    await one.server.deploy('a', 'counter')
    await one.server.deploy('b', 'counter')
    await until(() => two.cluster.failover?.keeper.size === 2 && three.cluster.failover?.keeper.size === 2)
    expect(one.cluster.failover?.keeper.size).to.equal(0)
    await one.server.hosting.agents.remove('a')
    await until(() => two.cluster.failover?.keeper.size === 1 && three.cluster.failover?.keeper.size === 1)
    expect(Buffer.from((await two.cluster.failover?.keeper.find('b'))?.module ?? []).toString()).to.equal('counter')
  })

  it('answer on a survivor, with what they saved last, and with a higher claim', async () => {
    await one.server.deploy('counter', 'counter')
    for (let count = 0; count < 3; count++) await one.server.ask('counter')
    await one.server.hosting.agents.stop('counter', 1_000)
    await one.server.hosting.agents.start('counter')
    await until(async () => {
      const copy = await two.cluster.failover?.keeper.find('counter')
      return copy?.state !== undefined && copy.wanted
    })
    await copied(one)
    scene.kill(one)
    await until(() => hosts(two, 'counter'))
    expect(hosts(three, 'counter')).to.equal(false)
    await until(async () => await answerOf(three, 'counter') !== '')
    expect(await answerOf(two, 'counter')).to.equal('5')
    expect(two.server.hosting.agents.find('counter').plan.claim).to.equal(2)
  })

  it('are got from whoever has a copy, when the one that takes them over has none', async () => {
    await one.server.deploy('echo', 'echo')
    await until(() => two.cluster.failover?.keeper.size === 1)
    await copied(one)
    await two.cluster.failover?.keeper.forget('echo')
    scene.kill(one)
    await until(() => hosts(two, 'echo'))
  })

  it('go where the deployment prefers them, and nowhere when they may run on the dead node only', async () => {
    await one.server.deploy('guest', 'echo', { placement: { strategy: PlacementStrategy.PREFER, nodes: ['node-9', 'node-1', 'node-3'] } })
    await one.server.deploy('bound', 'echo', { placement: { strategy: PlacementStrategy.NODE, nodes: ['node-1'] } })
    await one.server.deploy('free', 'echo')
    await until(() => three.cluster.failover?.keeper.size === 3)
    await copied(one)
    scene.kill(one)
    await until(() => hosts(three, 'guest') && hosts(two, 'free'))
    expect([hosts(two, 'guest'), hosts(two, 'bound'), hosts(three, 'bound')]).to.deep.equal([false, false, false])
  })

  it('stay where they are when their node is back before it is time', async () => {
    await one.server.deploy('echo', 'echo')
    await copied(one)
    scene.facts.set('node-1', 'died', { state: 'dead' })
    expect(two.cluster.failover?.adoption.expected).to.equal(1)
    scene.facts.set('node-1', 'back', { state: 'alive' })
    expect(two.cluster.failover?.adoption.expected).to.equal(0)
    expect(hosts(one, 'echo') && !hosts(two, 'echo')).to.equal(true)
  })

  it('are stopped on their old node when that comes back, and what waits for them there follows them', async () => {
    await one.server.deploy('ledger', 'ledger', { delivery: 'at-least-once' })
    await copied(one)
    scene.kill(one)
    await until(() => hosts(two, 'ledger'))
    scene.facts.set('node-1', 'back', { state: 'alive' })
    await until(() => !hosts(one, 'ledger'))
    await one.server.ask('ledger', { performative: 'inform', content: Buffer.from('late') }, 20).catch(() => [])
    await until(async () => (await answerOf(three, 'ledger')).includes('late'))
  })
})
