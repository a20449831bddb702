import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { MixedRing } from '../../../support/cluster-swim/mixed-ring.js'
import { hasSerf } from '../../../support/cluster-swim/serf-agent.js'
import { freePort } from '../../../support/free-port.js'
import { until } from '../../../support/until.js'

const NODE_PROCESS = fileURLToPath(new URL('../../../fixtures/cluster-swim/node-process.js', import.meta.url))
const forever = new AbortController().signal

describe('cluster-swim in a ring with agents of Serf', function () {
  this.timeout(60_000)
  const ring = new MixedRing('127.0.31')

  before(function () {
    if (!hasSerf()) this.skip()
  })

  afterEach(() => ring.end())

  it('joins an agent, which shows it with its tags', async () => {
    const agent = await ring.agent('serf-1', '-tag', 'role=web')
    const node = await ring.node('caxton-1')
    expect(await node.swim.join([agent.address], forever)).to.equal(1)
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    expect((await agent.members())[0]).to.deep.include({
      addr: node.seed, tags: { caxton: '0.1.0', zone: 'a', roads: 'tcp:tls:7947' },
    })
    expect(node.swim.member('serf-1')).to.include({ state: 'alive', isCaxton: false, version: '' })
    expect(node.swim.view()).to.include({ standing: 'normal', admitted: 1 })
  })

  it('is joined by an agent, and so knows it', async () => {
    const node = await ring.node('caxton-1')
    const agent = await ring.agent('serf-1')
    await agent.tell('join', node.seed)
    await ring.weSee(node, 'caxton-1 alive, serf-1 alive')
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
  })

  it('makes agents and nodes known to one another that only met it', async () => {
    const node = await ring.node('caxton-1')
    const other = await ring.node('caxton-2', { seeds: [node.seed] })
    const agents = [await ring.agent('serf-1', `-join=${node.seed}`), await ring.agent('serf-2', `-join=${other.seed}`)]
    const all = 'caxton-1 alive, caxton-2 alive, serf-1 alive, serf-2 alive'
    for (const agent of agents) await ring.serfSees(agent, all)
    for (const ours of [node, other]) await ring.weSee(ours, all)
    await until(() => node.swim.view().admitted === 2)
  })

  it('is probed and probes without a suspicion, and measures the way', async () => {
    const agent = await ring.agent('serf-1')
    const node = await ring.node('caxton-1', { seeds: [agent.address], bootstrap: true })
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    await until(() => node.swim.member('serf-1')?.roundTrip !== undefined)
    expect(await node.swim.ping('serf-1', forever)).to.be.within(0, 1000)
    expect(await agent.tell('reachability')).to.contain('Successfully contacted all live nodes')
    expect(ring.doubts(agent, 'caxton-1')).to.deep.equal([])
    expect(node.context.said('warn')).to.deep.equal([])
  })

  it('hands events and queries on between agents that it stands between, and acknowledges queries', async () => {
    const node = await ring.node('caxton-1')
    const first = await ring.agent('serf-1', `-join=${node.seed}`)
    const second = await ring.agent('serf-2', `-join=${node.seed}`)
    await ring.serfSees(first, 'caxton-1 alive, serf-1 alive, serf-2 alive')
    await first.tell('event', 'deploy', 'v7')
    await until(() => second.output.includes('Received event: user-event: deploy'))
    const acks = async (...filter: string[]): Promise<string[]> => {
      const answer = await second.tell('query', '-timeout=1500ms', ...filter, 'uptime')
      return [...answer.matchAll(/Ack from '(.*)'/g)].map(([, name = '']) => name).sort()
    }
    expect(await acks()).to.deep.equal(['caxton-1', 'serf-1', 'serf-2'])
    expect(await acks('-node=caxton-1')).to.deep.equal(['caxton-1'])
    expect(await acks('-tag', 'zone=a')).to.deep.equal(['caxton-1'])
    expect(await acks('-tag', 'zone=b')).to.deep.equal([])
    expect(await acks('-relay-factor=1', '-node=caxton-1')).to.deep.equal(['caxton-1'])
  })

  it('finds out that an agent was killed, and takes it back', async () => {
    const node = await ring.node('caxton-1')
    const agent = await ring.agent('serf-1', `-join=${node.seed}`)
    await ring.weSee(node, 'caxton-1 alive, serf-1 alive')
    await agent.kill()
    await ring.weSee(node, 'caxton-1 alive, serf-1 dead')
    const again = await ring.agent('serf-2', '-node=serf-1', `-bind=${agent.address}`, `-join=${node.seed}`)
    await ring.weSee(node, 'caxton-1 alive, serf-1 alive')
    await ring.serfSees(again, 'caxton-1 alive, serf-1 alive')
  })

  it('is found dead by agents when it is killed, and taken back under its name and address', async () => {
    const agent = await ring.agent('serf-1')
    const port = String(await freePort('127.0.31.250'))
    const words = [NODE_PROCESS, 'caxton-1', '127.0.31.250', port, agent.address]
    const start = (): ReturnType<typeof spawn> => spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
    let node = start()
    try {
      await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
      node.kill('SIGKILL')
      await once(node, 'close')
      await ring.serfSees(agent, 'caxton-1 failed, serf-1 alive')
      node = start()
      await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    } finally {
      node.kill('SIGKILL')
      await once(node, 'close')
    }
  })

  it('leaves so that agents show it as left, and comes back', async () => {
    const agent = await ring.agent('serf-1')
    const node = await ring.node('caxton-1', { seeds: [agent.address] })
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    await node.swim.leave(forever)
    await ring.serfSees(agent, 'caxton-1 left, serf-1 alive')
    const { host, gossipPort: port } = node.swim.self()
    await node.swim.stop()
    await ring.node('caxton-1', { host, port, seeds: [agent.address] })
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
  })

  it('sees an agent leave as left, not as dead', async () => {
    const node = await ring.node('caxton-1')
    const agent = await ring.agent('serf-1', `-join=${node.seed}`)
    await ring.weSee(node, 'caxton-1 alive, serf-1 alive')
    await agent.leave()
    await ring.weSee(node, 'caxton-1 alive, serf-1 left')
  })

  it('hears of changed tags', async () => {
    const node = await ring.node('caxton-1')
    const agent = await ring.agent('serf-1', `-join=${node.seed}`)
    await ring.weSee(node, 'caxton-1 alive, serf-1 alive')
    const before = node.swim.member('serf-1')?.incarnation ?? 0
    await agent.tell('tags', '-set', 'zone=b')
    await until(() => (node.swim.member('serf-1')?.incarnation ?? 0) > before)
    expect(node.swim.member('serf-1')?.state).to.equal('alive')
  })

  it('is forgotten by an agent that is told to', async () => {
    const agent = await ring.agent('serf-1')
    const node = await ring.node('caxton-1', { seeds: [agent.address] })
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    await node.swim.stop()
    await ring.serfSees(agent, 'caxton-1 failed, serf-1 alive')
    await agent.tell('force-leave', 'caxton-1')
    await ring.serfSees(agent, 'caxton-1 left, serf-1 alive')
  })
})
