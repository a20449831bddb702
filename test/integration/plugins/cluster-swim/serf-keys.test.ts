import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { MixedRing } from '../../../support/cluster-swim/mixed-ring.js'
import { hasSerf } from '../../../support/cluster-swim/serf-agent.js'
import { until } from '../../../support/until.js'

const forever = new AbortController().signal
const newKey = (): string => randomBytes(32).toString('base64')

describe('cluster-swim in an encrypted ring with agents of Serf', function () {
  this.timeout(60_000)
  const ring = new MixedRing('127.0.32')

  before(function () {
    if (!hasSerf()) this.skip()
  })

  afterEach(() => ring.end())

  it('joins with the same key, and is probed without a suspicion', async () => {
    const key = newKey()
    const agent = await ring.agent('serf-1', `-encrypt=${key}`)
    const node = await ring.node('caxton-1', {}, key)
    expect(await node.swim.join([agent.address], forever)).to.equal(1)
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    expect(await agent.tell('reachability')).to.contain('Successfully contacted all live nodes')
    expect(ring.doubts(agent, 'caxton-1')).to.deep.equal([])
    expect(node.context.said('warn')).to.deep.equal([])
  })

  it('changes its key when an agent asks for it, without losing anybody', async () => {
    const [old, fresh] = [newKey(), newKey()]
    const agent = await ring.agent('serf-1', `-encrypt=${old}`)
    const node = await ring.node('caxton-1', {}, old)
    await node.swim.join([agent.address], forever)
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    expect(await agent.tell('keys', '-list')).to.contain('[2/2]').and.contain(old)
    expect(await agent.tell('keys', `-install=${fresh}`)).to.contain('Successfully installed')
    expect(node.swim.keys.list()).to.deep.equal([old, fresh])
    expect(await agent.tell('keys', `-use=${fresh}`)).to.contain('Successfully changed primary')
    expect(node.swim.keys.list()).to.deep.equal([fresh, old])
    expect(await agent.tell('keys', `-remove=${old}`)).to.contain('Successfully removed')
    expect(node.swim.keys.list()).to.deep.equal([fresh])
    expect(await agent.tell('keys', '-list')).to.contain(fresh).and.not.contain(old)
    expect(await agent.tell('reachability')).to.contain('Successfully contacted all live nodes')
    expect(await node.swim.join([agent.address], forever)).to.equal(1)
    expect(await node.swim.ping('serf-1', forever)).to.be.within(0, 1000)
  })

  it('says what stands against a change of keys', async () => {
    const key = newKey()
    const agent = await ring.agent('serf-1', `-encrypt=${key}`)
    const node = await ring.node('caxton-1', {}, key)
    await node.swim.join([agent.address], forever)
    await ring.serfSees(agent, 'caxton-1 alive, serf-1 alive')
    const used = await agent.ask('keys', `-use=${newKey()}`)
    expect(used.code).not.to.equal(0)
    expect(used.stdout + used.stderr).to.match(/caxton-1.*the key is not installed/)
    const removed = await agent.ask('keys', `-remove=${key}`)
    expect(removed.stdout + removed.stderr).to.match(/caxton-1.*the key is in use/)
  })

  it('changes the key of agents, without losing anybody', async () => {
    const [old, fresh] = [newKey(), newKey()]
    const node = await ring.node('caxton-1', {}, old)
    const agents = [
      await ring.agent('serf-1', `-encrypt=${old}`, `-join=${node.seed}`),
      await ring.agent('serf-2', `-encrypt=${old}`, `-join=${node.seed}`),
    ]
    const all = 'caxton-1 alive, serf-1 alive, serf-2 alive'
    for (const agent of agents) await ring.serfSees(agent, all)
    const { keyRounds } = node.swim
    const whole = { asked: 3, answered: 3, failures: [] }
    const { keys: [before] } = await keyRounds.list(forever)
    expect(before).to.include({ nodes: 3, inUse: 3 })
    const { fingerprint, round } = await keyRounds.install(fresh, forever)
    expect(round).to.deep.equal(whole)
    expect(await keyRounds.use(fingerprint, forever)).to.deep.equal(whole)
    expect(await keyRounds.remove(before?.fingerprint ?? '', forever)).to.deep.equal(whole)
    const { keys } = await keyRounds.list(forever)
    expect(keys.map(key => [key.fingerprint, key.nodes])).to.deep.equal([[fingerprint, 3]])
    expect(await agents[0]?.tell('keys', '-list')).to.contain(fresh).and.not.contain(old)
    for (const agent of agents) await ring.serfSees(agent, all)
    expect(await agents[0]?.tell('reachability')).to.contain('Successfully contacted all live nodes')
  })

  it('refuses an agent with another key, and says so once for packets and connections', async () => {
    const node = await ring.node('caxton-1', {}, newKey())
    const stranger = await ring.agent('serf-1', `-encrypt=${newKey()}`)
    for (let tried = 0; tried < 3; tried++) expect((await stranger.ask('join', node.seed)).code).not.to.equal(0)
    await ring.weSee(node, 'caxton-1 alive')
    expect(node.context.said('warn')).to.have.length(1)
    expect(node.context.said('warn')[0]).to.contain('no key of ours opens it')
    const refusal: unknown = await node.swim.join([stranger.address], forever).catch((error: unknown) => error)
    expect(refusal).to.have.property('code', 'CLUSTER_JOIN_FAILED')
  })

  it('refuses an agent that does not encrypt, and is refused by one that does', async () => {
    const node = await ring.node('caxton-1', {}, newKey())
    const plain = await ring.agent('serf-1')
    expect((await plain.ask('join', node.seed)).code).not.to.equal(0)
    expect(node.context.said('warn')[0]).to.contain('it is not encrypted')
    const open = await ring.node('caxton-2')
    const closed = await ring.agent('serf-2', `-encrypt=${newKey()}`)
    const refusal: unknown = await open.swim.join([closed.address], forever).catch((error: unknown) => error)
    expect(refusal).to.have.property('code', 'CLUSTER_JOIN_FAILED')
    expect(String(refusal)).to.contain('it is encrypted, and we have no key')
    await ring.weSee(open, 'caxton-2 alive')
  })

  it('takes plain and encrypted gossip alike while a cluster goes over to encryption', async () => {
    const key = newKey()
    const node = await ring.node('caxton-1', { verify_incoming: false, verify_outgoing: false }, key)
    const plain = await ring.agent('serf-1', `-join=${node.seed}`)
    await ring.serfSees(plain, 'caxton-1 alive, serf-1 alive')
    expect(await plain.tell('reachability')).to.contain('Successfully contacted all live nodes')
    const ahead = await ring.node('caxton-2', { verify_incoming: false }, key)
    expect(await ahead.swim.join([node.seed], forever)).to.equal(1)
    await until(() => node.swim.member('caxton-2')?.state === 'alive' && ahead.swim.member('caxton-1')?.state === 'alive')
    expect(await node.swim.ping('caxton-2', forever)).to.be.within(0, 1000)
  })

  it('with a label refuses an agent, which has none, and says so once', async () => {
    const node = await ring.node('caxton-1', { label: 'production' })
    const agent = await ring.agent('serf-1')
    for (let tried = 0; tried < 3; tried++) expect((await agent.ask('join', node.seed)).code).not.to.equal(0)
    await until(() => node.context.said('warn').length > 0)
    expect(node.context.said('warn')).to.have.length(1)
    expect(node.context.said('warn')[0]).to.contain('its label is none, ours "production"')
    await ring.weSee(node, 'caxton-1 alive')
  })
})
