import { expect } from 'chai'
import { AgentState, PlacementStrategy, ReplaceStrategy } from '../../../../../kernel/contract/index.js'
import { ClusterScene, type SceneNode } from '../../../../support/cluster-scene.js'
import { codeOf } from '../../../../support/code-of.js'
import { textOf } from '../../../../support/hosting.js'
import { SceneOperator } from '../../../../support/scene-operator.js'
import { until } from '../../../../support/until.js'

const { NODE, PREFER, SPREAD } = PlacementStrategy

describe('the agents of a cluster', function () {
  this.timeout(20_000)
  let scene: ClusterScene
  let one: SceneNode
  let two: SceneNode
  let operator: SceneOperator
  const hosts = (name: string): string[] => scene.hosts(name)
  const known = (node: SceneNode, name: string): Promise<void> => until(() => node.cluster.agents.ofName(name) !== undefined)

  beforeEach(async () => {
    scene = new ClusterScene()
    one = await scene.node('node-1')
    two = await scene.node('node-2')
    operator = new SceneOperator(one)
  })
  afterEach(() => scene.stop())

  describe('that another node hosts', () => {
    beforeEach(async () => {
      await two.server.deploy('echo', 'echo')
      await known(one, 'echo')
    })

    it('are shown, stopped, started and removed by whichever node is asked', async () => {
      expect((await operator.inspect('echo')).agent).to.include({ name: 'echo', node: 'node-2', state: AgentState.RUNNING })
      expect((await operator.stop('echo')).agent?.state).to.equal(AgentState.STOPPED)
      expect(two.server.hosting.agents.find('echo').state).to.equal(AgentState.STOPPED)
      expect((await operator.start('echo')).agent?.state).to.equal(AgentState.RUNNING)
      await operator.remove('echo')
      expect(hosts('echo')).to.deep.equal([])
    })

    it('are told of by their node with who wanted it, and through which node', async () => {
      await operator.stop('echo')
      expect(two.events).to.deep.include({
        what: 'operation-for-node', resource: 'echo', result: 'ok', because: 'stop for key:night-shift, through node-1',
      })
    })

    it('end roll-outs there, and say there is none in the words of their node', async () => {
      await operator.deploy('echo', 'counter', { replace: true, strategy: ReplaceStrategy.BLUE_GREEN })
      expect((await operator.inspect('echo')).rollout).to.not.equal(undefined)
      await operator.rollback('echo')
      expect((await operator.inspect('echo')).rollout?.phase).to.equal('retiring')
      expect(await codeOf(operator.promote('echo'))).to.equal('ROLLOUT_MISSING')
    })

    it('are not looked for any further by a node that has them no more', async () => {
      // The registry of the first node still says so.
      scene.facts.freeze()
      await two.server.hosting.agents.remove('echo')
      expect(await codeOf(operator.inspect('echo'))).to.equal('AGENT_NOT_FOUND')
    })

    it('are out of reach with their node, and said to be', async () => {
      scene.kill(two)
      expect(await codeOf(operator.stop('echo'))).to.equal('PEER_UNREACHABLE')
    })

    it('show their logs, and what they write later', async () => {
      await two.server.deploy('writer', 'echo', { configuration: Buffer.from('good morning') })
      await known(one, 'writer')
      const gone = new AbortController()
      const read: string[] = []
      const reading = (async () => {
        for await (const text of new SceneOperator(one, 'key:x', gone.signal).logs('writer', true)) read.push(text)
      })().catch(() => {})
      await until(() => read.includes('good morning'))
      await two.server.hosting.agents.stop('writer', 0)
      await until(() => read.includes('stopped'))
      gone.abort()
      await reading
      expect(read).to.deep.equal(['good morning', 'stopped'])
    })

    it('are listed beside the node\'s own, with the node that hosts them', async () => {
      await one.server.deploy('aside', 'counter')
      const { agents, total } = await operator.list()
      expect(agents.map(({ name, node }) => `${name} ${node}`)).to.deep.equal(['aside node-1', 'echo node-2'])
      expect(total).to.equal(2)
      expect((await operator.list({ node: 'node-2' })).agents.map(({ name }) => name)).to.deep.equal(['echo'])
      expect((await operator.list({ limit: 1, after: 'aside' })).agents.map(({ name }) => name)).to.deep.equal(['echo'])
    })
  })

  describe('when they are deployed', () => {
    it('go where the fewest are, and where their placement says', async () => {
      await one.server.deploy('first', 'echo')
      expect((await operator.deploy('free', 'echo')).agent?.node).to.equal('node-2')
      const answer = await operator.deploy('bound', 'echo', { placement: { strategy: NODE, nodes: ['node-2'] } })
      expect(answer.agent?.node).to.equal('node-2')
      const preferred = await operator.deploy('dear', 'echo', { placement: { strategy: PREFER, nodes: ['node-9', 'node-2'] } })
      expect(preferred.agent?.node).to.equal('node-2')
      const lost = operator.deploy('lost', 'echo', { placement: { strategy: NODE, nodes: ['node-9'] } })
      expect(await codeOf(lost)).to.equal('PLACEMENT_IMPOSSIBLE')
      // At once: whoever deployed it may write to it.
      const [reply] = await one.server.ask('bound', { content: Buffer.from('hello') })
      expect(textOf(reply)).to.equal('hello')
    })

    it('fail in the words of the node that refused them, and leave nothing behind', async () => {
      const placement = { strategy: NODE, nodes: ['node-2'] }
      expect(await codeOf(operator.deploy('bad', 'bad', { placement }))).to.equal('SCRIPT_REFUSED')
      expect(await codeOf(operator.deploy('bad', 'refuse-to-start', { placement }))).to.equal('DEPLOYMENT_FAILED')
      expect(hosts('bad')).to.deep.equal([])
    })

    it('are unchanged, refused with the node\'s name, or replaced where they are', async () => {
      await two.server.deploy('echo', 'echo')
      expect((await operator.deploy('echo', 'echo')).changed).to.equal(false)
      const refused = operator.deploy('echo', 'counter')
      expect(await refused.catch((error: Error) => error.message)).to.equal('there is an agent "echo" already on node-2, and it differs')
      const answer = await operator.deploy('echo', 'counter', { replace: true, placement: { strategy: NODE, nodes: ['node-1'] } })
      expect(answer.agent).to.include({ node: 'node-2', version: 2 })
      expect(hosts('echo')).to.deep.equal(['node-2'])
    })

    it('are made once when two nodes deploy one name at once', async () => {
      const other = new SceneOperator(two)
      // Neither hears of the other's in time.
      scene.facts.freeze()
      const placed = (node: string) => ({ placement: { strategy: NODE, nodes: [node] } })
      for (let round = 0; round < 10; round += 1) {
        const name = `twin-${round}`
        const codes = await Promise.all([
          codeOf(operator.deploy(name, 'echo', placed('node-1'))), codeOf(other.deploy(name, 'counter', placed('node-2'))),
        ])
        expect(codes.sort()).to.deep.equal(['', 'AGENT_ALREADY_EXISTS'])
        expect(hosts(name)).to.have.length(1)
      }
    })

    it('have their replicas on different nodes, all of them or none', async () => {
      const [first, second] = (await operator.deploy('worker', 'echo', { placement: { strategy: SPREAD, replicas: 2 } })).replicas
      expect([first?.name, second?.name]).to.deep.equal(['worker-1', 'worker-2'])
      expect(new Set([first?.node, second?.node])).to.deep.equal(new Set(['node-1', 'node-2']))
      // The second name is another agent's: the first is taken back.
      await two.server.deploy('clerk-2', 'counter')
      expect(await codeOf(operator.deploy('clerk', 'echo', { placement: { replicas: 3 } }))).to.equal('AGENT_ALREADY_EXISTS')
      expect([...hosts('clerk-1'), ...hosts('clerk-3')]).to.deep.equal([])
      expect(hosts('clerk-2')).to.deep.equal(['node-2'])
    })
  })
})
