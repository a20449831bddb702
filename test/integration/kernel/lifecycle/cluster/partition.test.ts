import { expect } from 'chai'
import { ClusterScene, type SceneNode } from '../../../../support/cluster-scene.js'
import { codeOf } from '../../../../support/code-of.js'
import { SceneOperator } from '../../../../support/scene-operator.js'
import { until } from '../../../../support/until.js'
import { AgentState } from '../../../../../kernel/contract/index.js'

describe('a node in a minority', () => {
  let scene: ClusterScene
  let one: SceneNode
  let two: SceneNode
  let operator: SceneOperator
  const stateOf = (name: string): AgentState | undefined => one.server.hosting.agents.roster.ofName(name)?.state
  const happened: string[] = []

  beforeEach(async () => {
    scene = new ClusterScene()
    one = await scene.node('node-1')
    two = await scene.node('node-2')
    operator = new SceneOperator(one)
    happened.length = 0
    one.cluster.incidents.on(({ kind, sentence }) => happened.push(`${kind}: ${sentence}`), new AbortController().signal)
  })
  afterEach(() => scene.stop())

  it('queues changes, as many as it may, and carries them out in order when there is a majority again', async () => {
    scene.facts.stand('node-1', 'minority')
    expect((await operator.deploy('echo', 'echo')).queued).to.equal(1)
    expect((await operator.stop('echo')).queued).to.equal(2)
    expect((await operator.start('echo')).queued).to.equal(3)
    expect(await codeOf(operator.deploy('another', 'echo'))).to.equal('CLUSTER_QUEUE_FULL')
    expect(one.server.hosting.agents.size).to.equal(0)
    scene.facts.stand('node-1', 'reconciling')
    await until(() => one.cluster.writes.count === 0)
    await until(() => [one, two].some(node => node.server.hosting.agents.roster.ofName('echo')?.state === AgentState.RUNNING))
    expect(happened.filter(each => each.startsWith('replayed'))).to.have.length(3)
  })

  it('reports what was queued for an agent that the majority has changed meanwhile, and does not do it', async () => {
    await two.server.deploy('echo', 'echo')
    await until(() => one.cluster.agents.ofName('echo') !== undefined)
    scene.facts.stand('node-1', 'minority')
    await operator.remove('echo')
    await two.server.hosting.agents.remove('echo')
    await until(() => one.cluster.agents.ofName('echo') === undefined)
    scene.facts.stand('node-1', 'reconciling')
    await until(() => one.cluster.writes.count === 0)
    expect(one.cluster.writes.conflicts).to.equal(1)
    expect(happened).to.include('conflict: what was queued is not done: remove of agent echo: it is there no more')
  })

  it('stops agents of which there must not be two, lets the others go on, and starts those again that are still its own', async () => {
    await one.server.deploy('free', 'echo')
    await one.server.deploy('saving', 'counter')
    await one.server.deploy('durable', 'echo', { delivery: 'at-least-once' })
    scene.facts.stand('node-1', 'minority')
    await until(() => stateOf('saving') === AgentState.STOPPED && stateOf('durable') === AgentState.STOPPED)
    expect(stateOf('free')).to.equal(AgentState.RUNNING)
    scene.facts.stand('node-1', 'reconciling')
    await until(() => stateOf('saving') === AgentState.RUNNING && stateOf('durable') === AgentState.RUNNING)
  })

  it('goes on as if nothing had been when it is back before agents must stop', async () => {
    await one.server.deploy('saving', 'counter')
    scene.facts.stand('node-1', 'minority')
    expect(one.cluster.fencing.isDue).to.equal(true)
    scene.facts.stand('node-1', 'normal')
    expect(one.cluster.fencing.isDue).to.equal(false)
    expect(stateOf('saving')).to.equal(AgentState.RUNNING)
  })
})
