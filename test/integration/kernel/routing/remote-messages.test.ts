import { expect } from 'chai'
import { ClusterScene, type SceneNode } from '../../../support/cluster-scene.js'
import { textOf } from '../../../support/hosting.js'
import { until } from '../../../support/until.js'

describe('messages between nodes', () => {
  let scene: ClusterScene
  let one: SceneNode
  let two: SceneNode
  const knows = (node: SceneNode, name: string): Promise<void> =>
    until(() => node.cluster.agents.ofName(name) !== undefined)
  const logOf = async (node: SceneNode, name: string): Promise<string[]> => {
    const lines: string[] = []
    for (const line of node.server.hosting.agentLogs.latest(name, 100)) lines.push(line.text)
    return lines
  }

  beforeEach(async () => {
    scene = new ClusterScene()
    one = await scene.node('node-1')
    two = await scene.node('node-2')
  })
  afterEach(() => scene.stop())

  it('bring a caller the answer of an agent on another node', async () => {
    await two.server.deploy('echo', 'echo')
    await knows(one, 'echo')
    const [answer] = await one.server.ask('echo', { content: Buffer.from('hello') })
    expect(textOf(answer)).to.equal('hello')
    expect(answer?.sender).to.equal('echo')
  })

  it('are checked once in their conversation, whichever node they go to', async () => {
    await two.server.deploy('clerk', 'agree-then-inform')
    await two.server.deploy('rogue', 'illegal')
    await knows(one, 'rogue')
    const answers = await one.server.ask('clerk', { protocol: 'fipa-request' })
    expect(answers.map(({ performative }) => performative)).to.deep.equal(['agree', 'inform'])
    const [refused] = await one.server.ask('rogue', { protocol: 'fipa-request' }, 300).catch((error: { code: string }) => [error.code])
    expect(refused).to.equal('ANSWER_TIMEOUT')
  })

  it('let agents of two nodes negotiate by name', async () => {
    await one.server.deploy('buyer', 'negotiator', { configuration: Buffer.from('seller') })
    await two.server.deploy('seller', 'agree-then-inform')
    await knows(one, 'seller')
    await one.server.tell('buyer')
    await until(async () => (await logOf(one, 'buyer')).length >= 3)
    // Each inform makes it ask once more.
    expect((await logOf(one, 'buyer')).slice(0, 3)).to.deep.equal(['seller', 'agree chair', 'agree chair'])
  })

  it('come back at once when the agent is stopped, and when its node is dead', async () => {
    await two.server.deploy('echo', 'echo')
    await knows(one, 'echo')
    await two.server.hosting.agents.stop('echo', 0)
    await until(async () => await codeOf(one.server.ask('echo')) === 'AGENT_NOT_RUNNING')
    await two.server.hosting.agents.start('echo')
    await until(async () => await codeOf(one.server.ask('echo')) === '')
    scene.kill(two)
    expect(await codeOf(one.server.ask('echo'))).to.equal('NODE_UNREACHABLE')
  })

  it('are answered with a failure at once when the node dies that was to answer', async () => {
    await two.server.deploy('silent', 'mute')
    await knows(one, 'silent')
    const asked = one.server.ask('silent')
    const inProtocol = one.server.ask('silent', { protocol: 'fipa-request' })
    await until(() => two.cluster.post.figures.received === 2)
    scene.kill(two)
    for (const [answer] of await Promise.all([asked, inProtocol])) {
      expect(answer?.performative).to.equal('failure')
      expect(textOf(answer)).to.include('NODE_UNREACHABLE')
    }
  })

  it('find agents by what they offer, and by the topics that they listen to, on every node', async () => {
    await two.server.deploy('oracle', 'ledger', { configuration: Buffer.from('weather') })
    await until(() => one.server.hosting.capabilities.find('weather').length === 1)
    await one.server.deploy('asker', 'ledger')
    await one.server.ask('asker', { performative: 'inform', content: Buffer.from('all weather sunny') }, 50).catch(() => [])
    await one.server.ask('asker', { performative: 'inform', content: Buffer.from('topic weather windy') }, 50).catch(() => [])
    await until(async () => textOf((await two.server.ask('oracle'))[0]).includes('windy'))
    expect(textOf((await two.server.ask('oracle'))[0])).to.include('sunny')
  })

  it('that must not be lost wait for a node that is gone, and are handled once when it is back', async () => {
    await two.server.deploy('ledger', 'ledger', { delivery: 'exactly-once' })
    await knows(one, 'ledger')
    await one.server.deploy('writer', 'ledger')
    const write = (text: string): Promise<unknown> =>
      one.server.ask('writer', { performative: 'inform', content: Buffer.from(`send ledger ${text}`) }, 30).catch(() => [])
    await write('first')
    await until(async () => textOf((await two.server.ask('ledger'))[0]).includes('first'))
    await until(() => one.server.hosting.durable.delivery.waiting === 0)
    scene.kill(two)
    await write('second')
    await until(() => one.server.hosting.durable.delivery.waiting === 1)
    scene.facts.set('node-2', 'back', { state: 'alive' })
    await until(async () => textOf((await two.server.ask('ledger'))[0]).includes('second'))
    await until(() => one.server.hosting.durable.delivery.waiting === 0)
    expect(textOf((await two.server.ask('ledger'))[0]).match(/second/g)).to.have.length(1)
  })
})

async function codeOf (asked: Promise<unknown>): Promise<string> {
  try {
    await asked
    return ''
  } catch (error) {
    return (error as { code: string }).code
  }
}
