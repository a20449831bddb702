import { expect } from 'chai'
import { AgentState, PlacementStrategy, type AgentListing } from '../../../../../kernel/contract/index.js'
import type { ClusterDeeds, ClusterIncident } from '../../../../../kernel/lifecycle/cluster/cluster-deeds.js'
import { ClusterScene, type SceneNode } from '../../../../support/cluster-scene.js'
import { codeOf } from '../../../../support/code-of.js'
import { textOf } from '../../../../support/hosting.js'
import { SceneOperator } from '../../../../support/scene-operator.js'
import { until } from '../../../../support/until.js'

const WITHIN = 10_000
const signal = new AbortController().signal

describe('agents that move', function () {
  this.timeout(30_000)
  let scene: ClusterScene
  let one: SceneNode
  let two: SceneNode
  let three: SceneNode
  const knows = (node: SceneNode, name: string, at: string): Promise<void> =>
    until(() => node.cluster.agents.ofName(name)?.nodeId === at)
  const isListed = (name: string, at: string, state: AgentListing['state']): Promise<void> =>
    until(() => scene.facts.listing(at, name)?.state === state)
  const move = (name: string, from: SceneNode, to: SceneNode): Promise<void> =>
    one.cluster.everywhere.mover.move(name, from.nodeId, to.nodeId, 1_000, signal)
  const entries = async (node: SceneNode, name: string): Promise<string[]> =>
    JSON.parse(textOf((await node.server.ask(name))[0])) as string[]
  const write = (node: SceneNode, to: string, text: string): Promise<unknown> =>
    node.server.ask(to, { performative: 'inform', content: Buffer.from(text) }, 30).catch(() => [])
  const deeds = (node: SceneNode): ClusterDeeds => node.cluster.deeds ?? (() => { throw new Error('there is no placement') })()
  const told = async (steps: AsyncIterable<{ readonly sentence: string }>): Promise<string[]> => {
    const sentences: string[] = []
    for await (const { sentence } of steps) sentences.push(sentence)
    return sentences
  }

  beforeEach(async () => {
    scene = new ClusterScene()
    one = await scene.node('node-1')
    two = await scene.node('node-2')
    three = await scene.node('node-3')
  })
  afterEach(() => scene.stop())

  describe('from one node to another', () => {
    it('bring their state and their timers, and are reached by everybody as before', async () => {
      await one.server.deploy('ledger', 'ledger', { delivery: 'exactly-once' })
      await Promise.all([knows(two, 'ledger', 'node-1'), knows(three, 'ledger', 'node-1')])
      await write(two, 'ledger', 'before')
      await write(two, 'ledger', 'timer 500')
      await until(async () => (await entries(three, 'ledger')).length === 2)
      const address = three.cluster.agents.ofName('ledger')?.address
      const happened: ClusterIncident[] = []
      deeds(one).onIncident(incident => happened.push(incident), signal)
      await move('ledger', one, two)
      expect(scene.hosts('ledger')).to.deep.equal(['node-2'])
      expect(await entries(one, 'ledger')).to.include.members(['before', 'timer 500'])
      await knows(three, 'ledger', 'node-2')
      expect(three.cluster.agents.ofName('ledger')?.address).to.deep.equal(address)
      await until(async () => (await entries(three, 'ledger')).includes('rang'))
      expect(happened).to.deep.equal([{ kind: 'moved', nodeId: 'node-2', sentence: 'agent ledger moved from node-1 to node-2' }])
    })

    it('are moved by the node that has them when another one is asked', async () => {
      await two.server.deploy('counter', 'counter')
      await two.server.ask('counter')
      await move('counter', two, three)
      expect(scene.hosts('counter')).to.deep.equal(['node-3'])
      expect(textOf((await three.server.ask('counter'))[0])).to.equal('2')
    })

    it('are followed by what was kept for them, whoever had sent it', async () => {
      await one.server.deploy('ledger', 'ledger', { delivery: 'exactly-once' })
      await three.server.deploy('writer', 'ledger')
      await Promise.all([knows(two, 'writer', 'node-3'), knows(three, 'ledger', 'node-1'), knows(one, 'writer', 'node-3')])
      await one.server.hosting.agents.stop('ledger', 0)
      await isListed('ledger', 'node-1', 'stopped')
      await write(three, 'writer', 'send ledger from afar')
      await write(one, 'ledger', 'from nearby')
      await write(three, 'ledger', 'by a caller')
      await until(() => [one, three].reduce((sum, { server }) => sum + server.hosting.durable.delivery.waiting, 0) === 3)
      await move('ledger', one, two)
      await two.server.hosting.agents.start('ledger')
      await until(async () => (await entries(two, 'ledger')).length === 3)
      expect(new Set(await entries(two, 'ledger'))).to.deep.equal(new Set(['from afar', 'from nearby', 'by a caller']))
      await until(() => [one, three].every(({ server }) => server.hosting.durable.delivery.waiting === 0))
    })

    it('are followed by what their old node had already taken for them', async () => {
      await one.server.deploy('ledger', 'ledger', { delivery: 'exactly-once' })
      await three.server.deploy('writer', 'ledger')
      await Promise.all([knows(two, 'writer', 'node-3'), isListed('ledger', 'node-1', 'running')])
      // The sender's node does not know that it is stopped.
      scene.facts.freeze()
      await one.server.hosting.agents.stop('ledger', 0)
      await write(three, 'writer', 'send ledger receipt')
      await write(three, 'ledger', 'by a caller')
      await until(() => one.server.hosting.durable.delivery.waiting === 2)
      scene.facts.thaw()
      await move('ledger', one, two)
      await two.server.hosting.agents.start('ledger')
      await until(async () => (await entries(two, 'ledger')).length === 2)
      await until(() => one.server.hosting.durable.delivery.waiting === 0)
    })

    it('finish conversations of others there that had reached them before', async () => {
      await one.server.deploy('clerk', 'ledger', { delivery: 'at-least-once' })
      await Promise.all([knows(two, 'clerk', 'node-1'), isListed('clerk', 'node-1', 'running')])
      scene.facts.freeze()
      await one.server.hosting.agents.stop('clerk', 0)
      const answers = three.server.ask('clerk', { protocol: 'fipa-request', content: Buffer.from('chair') }, WITHIN)
      await until(() => one.server.hosting.durable.delivery.waiting === 1)
      // Whoever asked hears of the move by the answers themselves: they carry the higher claim.
      await move('clerk', one, two)
      await two.server.hosting.agents.start('clerk')
      expect((await answers).map(({ performative }) => performative)).to.deep.equal(['agree', 'inform'])
    })

    it('go on where they were when the other node does not take them', async () => {
      const full = await scene.node('node-4', ['agents.max=1'])
      await full.server.deploy('other', 'echo')
      await one.server.deploy('counter', 'counter')
      await one.server.ask('counter')
      expect(await codeOf(move('counter', one, full))).to.equal('RESOURCE_LIMIT_EXCEEDED')
      expect(textOf((await one.server.ask('counter'))[0])).to.equal('2')
      // One that can't start there is not there.
      await one.server.deploy('picky', 'counter/refuse-to-load')
      expect(await codeOf(move('picky', one, two))).to.equal('DEPLOYMENT_FAILED')
      expect(scene.hosts('picky')).to.deep.equal(['node-1'])
      await knows(two, 'picky', 'node-1')
    })

    it('go on where they were when the other node dies under way, and keep their claim against it', async () => {
      await one.server.deploy('counter', 'counter')
      await knows(two, 'counter', 'node-1')
      await one.server.ask('counter')
      // It would have to be compiled after this one, which never ends.
      void codeOf(two.server.deploy('hang', 'hang'))
      const moving = codeOf(move('counter', one, two))
      await until(() => one.server.hosting.agents.find('counter').place === undefined)
      scene.kill(two)
      expect(await moving).to.equal('PEER_UNREACHABLE')
      expect(textOf((await one.server.ask('counter'))[0])).to.equal('2')
      expect(one.server.hosting.agents.find('counter').plan.claim).to.equal(4)
    })

    it('do what was asked of them meanwhile when they have arrived', async () => {
      await one.server.deploy('echo', 'echo')
      const operator = new SceneOperator(one)
      const moving = move('echo', one, two)
      const [stopped] = await Promise.all([operator.stop('echo'), moving])
      expect(stopped.agent?.node).to.equal('node-2')
      expect(scene.hosts('echo')).to.deep.equal(['node-2'])
    })
  })

  describe('because their node leaves', () => {
    it('are shared out among the others, and the node leaves when none is left', async () => {
      for (const name of ['a', 'b', 'c', 'd']) await one.server.deploy(name, 'counter')
      await one.server.ask('a')
      const sentences = await told(deeds(one).leave(WITHIN, false, signal))
      expect(sentences).to.have.length(5)
      expect(sentences.at(-1)).to.equal('node-1 has left the cluster')
      expect(scene.facts.members.get('node-1')?.state).to.equal('left')
      expect(['a', 'b', 'c', 'd'].map(name => scene.hosts(name).join()).sort()).to.deep.equal(['node-2', 'node-2', 'node-3', 'node-3'])
      expect(textOf((await two.server.ask('a'))[0])).to.equal('2')
    })

    it('keep it in the cluster when they may run nowhere else, unless it is forced', async () => {
      const placement = { strategy: PlacementStrategy.NODE, nodes: ['node-1'] }
      await one.server.deploy('bound', 'echo', { placement })
      await one.server.deploy('free', 'echo')
      const refused = told(deeds(one).leave(WITHIN, false, signal))
      expect(await refused.catch((error: Error) => error.message)).to.include('"bound" stays on node-1').and.not.include('"free"')
      expect(scene.facts.members.get('node-1')?.state).to.equal('alive')
      expect(await codeOf(one.server.ask('bound'))).to.equal('')
      // It takes agents again.
      expect((await new SceneOperator(two).deploy('other', 'echo', { placement })).agent?.node).to.equal('node-1')
      await told(deeds(one).leave(WITHIN, true, signal))
      expect(scene.facts.members.get('node-1')?.state).to.equal('left')
    })

    it('meanwhile are joined by no others', async () => {
      await one.server.deploy('slow', 'echo')
      const leaving = deeds(one).leave(WITHIN, false, signal)[Symbol.asyncIterator]()
      await leaving.next()
      const bound = new SceneOperator(two).deploy('late', 'echo', { placement: { strategy: PlacementStrategy.NODE, nodes: ['node-1'] } })
      expect(await codeOf(bound)).to.equal('PLACEMENT_IMPOSSIBLE')
      const placement = { strategy: PlacementStrategy.PREFER, nodes: ['node-1'] }
      const free = await new SceneOperator(two).deploy('free', 'echo', { placement })
      expect(free.agent?.node).to.not.equal('node-1')
      await until(async () => (await leaving.next()).done === true)
    })

    it('leave no message behind that must not be lost', async () => {
      await two.server.deploy('ledger', 'ledger', { delivery: 'exactly-once' })
      await knows(one, 'ledger', 'node-2')
      await two.server.hosting.agents.stop('ledger', 0)
      await until(async () => (await new SceneOperator(one).list()).agents[0]?.state === AgentState.STOPPED)
      await write(one, 'ledger', 'kept')
      await until(() => one.server.hosting.durable.delivery.waiting === 1)
      expect(await codeOf(told(deeds(one).leave(200, false, signal)))).to.equal('CLUSTER_MESSAGES_LEFT')
      expect(scene.facts.members.get('node-1')?.state).to.equal('alive')
      await two.server.hosting.agents.start('ledger')
      await told(deeds(one).leave(WITHIN, false, signal))
      await until(() => one.server.hosting.durable.delivery.waiting === 0)
    })
  })

  describe('to even out the nodes', () => {
    it('are as few as suffice, and only named when nothing is to be done', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await two.server.deploy(name, 'counter')
      await until(() => ['a', 'b', 'c', 'd', 'e'].every(name => one.cluster.agents.ofName(name) !== undefined))
      const wanted = await told(deeds(one).rebalance(true, signal))
      expect(wanted).to.have.length(3)
      expect(wanted[0]).to.match(/^would move \w from node-2 to node-[13]$/)
      expect(two.server.hosting.agents.size).to.equal(5)
      expect(await told(deeds(one).rebalance(false, signal))).to.have.length(3)
      expect([one, two, three].map(({ server }) => server.hosting.agents.size).sort((less, more) => less - more)).to.deep.equal([1, 2, 2])
      await until(async () => (await told(deeds(one).rebalance(true, signal)))[0]?.includes('equally many') === true)
    })

    it('are others where some may run on their node only', async () => {
      const placement = { strategy: PlacementStrategy.NODE, nodes: ['node-2'] }
      for (const name of ['x', 'y', 'z']) await two.server.deploy(name, 'counter', { placement })
      await two.server.deploy('a', 'counter')
      await until(() => ['a', 'x', 'y', 'z'].every(name => one.cluster.agents.ofName(name) !== undefined))
      expect(await told(deeds(one).rebalance(false, signal))).to.deep.equal(['moved a from node-2 to node-1'])
      await until(async () => (await told(deeds(three).rebalance(true, signal)))[0]?.includes('may run there only') === true)
    })
  })
})
