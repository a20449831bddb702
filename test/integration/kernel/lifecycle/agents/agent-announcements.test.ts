import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema, AgentState, HOST_RESULTS, type AclMessage } from '../../../../../kernel/contract/index.js'
import { newTrace } from '../../../../../kernel/contract/index.js'
import { USUAL_TERMS, type SendTerms } from '../../../../../kernel/routing/callers/send-terms.js'
import { TestHosting, textOf } from '../../../../support/hosting.js'
import type { SocialOrder } from '../../../../support/script-engine/social-guest.js'
import { until } from '../../../../support/until.js'

describe('capabilities and topics over two shards', () => {
  let server: TestHosting

  beforeEach(async () => { server = await TestHosting.start(['agents.shards=2', 'agents.restart_delay=20ms', 'messages.fan_out=3']) })
  afterEach(() => server.stop())

  const deploy = (name: string, order: SocialOrder = {}): Promise<boolean> =>
    server.deploy(name, 'social', { configuration: Buffer.from(JSON.stringify(order)) })
  const offering = (name: string, version = '1.0.0'): SocialOrder => ({ register: [{ name, version }] })
  const shardOf = (name: string): number | undefined => server.hosting.agents.find(name).place?.shard
  const heard = (name: string): string[] => server.hosting.agentLogs.latest(name, 100).map(({ text }) => text)
  const agents = (name: string, range?: string): string[] => server.hosting.capabilities.find(name, range).map(({ agent }) => agent)

  /** Tells an agent to do something; the result of its host call. */
  async function tell (name: string, order: SocialOrder): Promise<number> {
    return Number(textOf((await server.ask(name, { content: Buffer.from(JSON.stringify(order)) }))[0]))
  }

  /** Asks as a caller, without an agent's name. */
  async function call (terms: Partial<SendTerms>, order: SocialOrder = {}): Promise<readonly AclMessage[]> {
    const content = Buffer.from(JSON.stringify(order))
    const message = create(AclMessageSchema, { performative: 'request', protocol: 'fipa-request', content })
    const patience = { milliseconds: 5_000, signal: new AbortController().signal }
    return (await server.hosting.callers.send(message, newTrace(server.random), patience, { ...USUAL_TERMS, ...terms })).answers
  }

  const inform = (fields: object, content = 'hello'): SocialOrder => ({ send: { act: 'inform', fields, content } })

  it('bring a message to every agent that offers a capability, whatever shard it lives in', async () => {
    for (const name of ['one', 'two', 'three']) await deploy(name, offering('sell'))
    await deploy('asker')
    expect(new Set(['one', 'two', 'three'].map(shardOf))).to.deep.equal(new Set([0, 1]))
    expect(await tell('asker', inform({ toCapability: 'all:sell' }))).to.equal(HOST_RESULTS.ok)
    for (const name of ['one', 'two', 'three']) await until(() => heard(name).includes('inform hello'))
    expect((await call({ toCapability: 'all:sell' })).map(({ sender }) => sender).sort()).to.deep.equal(['one', 'three', 'two'])
  })

  it('share messages among those that offer a capability in the wanted version', async () => {
    await deploy('old', offering('sell', '1.4.0'))
    await deploy('new', offering('sell', '2.0.0'))
    await deploy('newer', offering('sell', '2.1.0'))
    const senders = new Set<string>()
    for (let count = 0; count < 4; count++) for (const { sender } of await call({ toCapability: 'round:sell@2' })) senders.add(sender)
    expect(senders).to.deep.equal(new Set(['new', 'newer']))
    expect((await call({ toCapability: 'one:sell@^1.2' })).map(({ sender }) => sender)).to.deep.equal(['old'])
  })

  it('end with the agent and come back with it', async () => {
    await deploy('seller', offering('sell'))
    await deploy('asker')
    await server.hosting.agents.stop('seller', 1_000)
    expect(agents('sell')).to.deep.equal([])
    await until(async () => await tell('asker', inform({ toCapability: 'one:sell' })) === HOST_RESULTS.noSuchAgent)
    await server.hosting.agents.start('seller')
    expect(agents('sell')).to.deep.equal(['seller'])
    await until(async () => await tell('asker', inform({ toCapability: 'one:sell' })) === HOST_RESULTS.ok)
    await server.hosting.agents.remove('seller')
    expect(agents('sell')).to.deep.equal([])
  })

  it('end when the agent misbehaves, and are what its next instance says', async () => {
    await deploy('seller', offering('sell'))
    await tell('seller', offering('rent'))
    await until(() => agents('rent').length === 1)
    await server.ask('seller', { content: Buffer.from('{"trap":true}') })
    const record = server.hosting.agents.find('seller')
    await until(() => record.restarts === 1 && record.state === AgentState.RUNNING)
    expect([agents('sell'), agents('rent')]).to.deep.equal([['seller'], []])
  })

  it('can be withdrawn, and replaced by another version', async () => {
    await deploy('seller', offering('sell'))
    await tell('seller', { register: [{ name: 'sell', version: '3' }] })
    await until(() => agents('sell', '3').length === 1)
    await tell('seller', { register: [{ withdraw: 'sell' }] })
    await until(() => agents('sell').length === 0)
  })

  it('bring what is published to all subscribers, the publisher too if it subscribes', async () => {
    await deploy('one', { subscribe: ['orders.*.paid'] })
    await deploy('two', { subscribe: ['orders.#', 'orders.berlin.paid'] })
    await deploy('three', { subscribe: ['news'] })
    expect(await tell('two', inform({ toTopic: 'orders.berlin.paid' }, 'first'))).to.equal(HOST_RESULTS.ok)
    for (const name of ['one', 'two']) await until(() => heard(name).includes('inform first'))
    await tell('one', { subscribe: ['-orders.*.paid'] })
    await until(async () => {
      const before = heard('one').length
      await tell('three', inform({ toTopic: 'orders.berlin.paid' }, 'second'))
      await until(() => heard('two').at(-1) === 'inform second')
      return heard('one').length === before
    })
    expect(heard('two').filter(text => text === 'inform first')).to.have.length(1)
    expect(heard('three')).to.deep.equal([])
  })

  it('refuse more receivers than one message may have', async () => {
    for (const name of ['one', 'two', 'three', 'four']) await deploy(name, { ...offering('sell'), subscribe: ['news'] })
    await deploy('asker')
    expect(await tell('asker', inform({ toTopic: 'news' }))).to.equal(HOST_RESULTS.quota)
    expect(await tell('one', inform({ toCapability: 'all:sell' }))).to.equal(HOST_RESULTS.ok)
    const refused = await call({ toCapability: 'all:sell' }).catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'TOO_MANY_RECEIVERS')
  })

  it('are known to a shard that was started anew', async () => {
    await server.deploy('spinner', 'spin')
    const lost = shardOf('spinner')
    await deploy('one', offering('sell'))
    await deploy('two', offering('sell'))
    await server.tell('spinner')
    await until(() => server.hosting.agents.find('spinner').quarantined)
    await until(() => agents('sell').length === 2)
    const there = ['one', 'two'].find(name => shardOf(name) === lost) ?? ''
    const other = there === 'one' ? 'two' : 'one'
    expect(await tell(there, inform({ toCapability: 'one:sell' }))).to.equal(HOST_RESULTS.ok)
    await until(() => heard(other).includes('inform hello'))
  })

  it('are told by the directory facilitator, whose name nobody else can have', async () => {
    await deploy('seller', offering('sell', '1.4.0'))
    const [answer] = await server.ask('df', { content: Buffer.from('{"search":{"name":"sell"}}'), protocol: 'fipa-request' })
    expect(answer).to.include({ performative: 'inform', sender: 'df' })
    expect(JSON.parse(textOf(answer))).to.have.nested.include({ total: 1, 'found[0].agent': 'seller', 'found[0].version': '1.4.0' })
    await deploy('asker')
    await tell('asker', { send: { act: 'subscribe', fields: { to: 'df', conversationId: 'c' }, content: '{"search":{"name":"rent"}}' } })
    await until(() => heard('asker').length === 2)
    await deploy('landlord', offering('rent'))
    await until(() => heard('asker').some(text => text.startsWith('inform {"changes":[{"added":{"name":"rent"')))
    const refused = await deploy('DF').catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'AGENT_NAME_RESERVED')
  })
})
