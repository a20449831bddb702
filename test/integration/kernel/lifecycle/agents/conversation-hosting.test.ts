import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema, type Conversation, type Store } from '../../../../../kernel/contract/index.js'
import { newTrace } from '../../../../../kernel/contract/index.js'
import { memoryStore, TestHosting } from '../../../../support/hosting.js'
import { until } from '../../../../support/until.js'

const TICK = 'conversations.tick=20ms'
const BUYER = 'buyer'
const SELLER = 'seller'

describe('the hosting of conversations', () => {
  let hosting: TestHosting
  let store: Store
  const start = async (...sets: string[]): Promise<void> => { hosting = await TestHosting.start([TICK, ...sets], store) }
  const deploy = async (): Promise<void> => {
    await hosting.deploy(BUYER, 'negotiator', { configuration: Buffer.from(SELLER) })
    await hosting.deploy(SELLER, 'negotiator')
  }
  /** Lets the buyer ask the seller, who never answers. */
  const negotiate = async (milliseconds = 0): Promise<Conversation> => {
    const replyBy = milliseconds === 0 ? 0n : BigInt(Date.now() + milliseconds)
    const message = create(AclMessageSchema, { performative: 'inform', receiver: BUYER, replyBy })
    await hosting.hosting.callers.send(message, newTrace(hosting.random), undefined)
    await until(async () => (await list()).length > 0)
    const [conversation] = await list()
    if (conversation === undefined) throw new Error('there is no conversation')
    return conversation
  }
  const list = (more: { readonly agent?: string, readonly withEnded?: boolean } = {}): Promise<Conversation[]> =>
    hosting.hosting.conversations.office.list({ agent: '', protocol: '', withEnded: false, limit: 10, ...more })
  const heard = (name: string): string[] => hosting.hosting.agentLogs.latest(name, 10).map(({ text }) => text)
  const kept = (): Promise<number> => store.count('conversations')
  const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: { code: string }) => error.code)

  beforeEach(() => { store = memoryStore() })
  afterEach(() => hosting.stop())

  it('lists and shows the conversations of agents and callers, open or ended', async () => {
    await start()
    await deploy()
    const { id } = await negotiate(60_000)
    const asking = hosting.ask(SELLER, { protocol: 'fipa-request' }, 60_000).catch(() => [])
    await until(async () => (await list()).length === 2)
    const ends = (await list()).map(({ initiator, participants }) => [initiator, ...participants.map(({ name }) => name)].join(' '))
    expect(ends).to.have.members(['caller seller', 'buyer seller'])
    expect((await list({ agent: 'caller' })).map(({ initiator }) => initiator)).to.deep.equal(['caller'])
    const shown = await hosting.hosting.conversations.office.show(id)
    expect(shown).to.include({ id, protocol: 'fipa-request', end: '', participantCount: 1 })
    expect(shown.participants[0]).to.include({ name: SELLER, state: 'requested', over: false })
    await hosting.hosting.agents.remove(BUYER)
    expect(await hosting.hosting.conversations.office.show(id)).to.include({ end: 'initiator gone' })
    hosting.hosting.callers.close()
    await asking
  })

  it('says what is wrong with an id, or that nothing has it, or that it is over', async () => {
    await start()
    await deploy()
    const { office } = hosting.hosting.conversations
    const { id } = await negotiate()
    expect(await codeOf(office.show('x1'))).to.equal('CONVERSATION_ID_INVALID')
    for (const unknown of ['c1', 'cff00000000000001']) {
      expect(await codeOf(office.show(unknown))).to.equal('CONVERSATION_NOT_FOUND')
      expect(await codeOf(office.cancel(unknown))).to.equal('CONVERSATION_NOT_FOUND')
    }
    expect(await codeOf(office.list({ agent: 'nobody', protocol: '', withEnded: false, limit: 1 }))).to.equal('AGENT_NOT_FOUND')
    expect(await office.cancel(id)).to.include({ end: 'cancelled' })
    expect(await codeOf(office.cancel(id))).to.equal('CONVERSATION_OVER')
  })

  it('cancels a conversation, of which both ends hear', async () => {
    await start()
    await deploy()
    await hosting.hosting.conversations.office.cancel((await negotiate()).id)
    for (const name of [BUYER, SELLER]) {
      await until(() => heard(name).some(text => text.startsWith('failure') && text.includes('CONVERSATION_CANCELLED')))
    }
  })

  it('cancels what a caller waits for, who hears it at once', async () => {
    await start()
    await deploy()
    for (const more of [{ protocol: 'fipa-request' }, {}]) {
      const asking = hosting.ask(SELLER, more, 60_000)
      await until(async () => (await list()).length === 1)
      await hosting.hosting.conversations.office.cancel((await list())[0]?.id ?? '')
      expect((await asking).map(({ performative }) => performative)).to.deep.equal(['failure'])
    }
  })

  it('shows how conversations begin and end to whoever watches, and only then', async () => {
    await start()
    await deploy()
    const watching = new AbortController()
    const seen: string[] = []
    const watch = (async () => {
      for await (const { conversation } of hosting.hosting.conversations.watch.watch([SELLER], watching.signal)) {
        seen.push(`${conversation?.initiator} ${conversation?.end}`)
      }
    })()
    await negotiate(200)
    await until(() => seen.includes('buyer deadline passed'))
    expect(seen[0]).to.equal('buyer ')
    watching.abort()
    await watch
    expect(hosting.hosting.conversations.watch.isWanted).to.equal(false)
  })

  it('keeps open conversations over a stop in good order: they go on, and their deadlines fire', async function () {
    this.timeout(30_000)
    await start('agents.shards=2')
    await hosting.deploy('idler', 'negotiator')
    await deploy()
    const before = await negotiate(8_000)
    await hosting.stop()
    expect(await kept()).to.equal(1)
    await start('agents.shards=2')
    const [after] = await list()
    expect(after, 'it is open again').not.to.equal(undefined)
    expect(after).to.deep.include({ id: before.id, initiator: BUYER, openedAt: before.openedAt, participants: before.participants })
    await until(() => heard(BUYER).some(text => text.startsWith('failure') && text.includes('DEADLINE_PASSED')))
    await until(async () => await kept() === 0)
  })

  it('writes nothing for conversations that are over within a tick', async () => {
    await start('conversations.tick=10s')
    await hosting.deploy('worker', 'agree-then-inform')
    for (let count = 0; count < 20; count++) await hosting.ask('worker', { protocol: 'fipa-request' })
    await hosting.hosting.conversations.settle()
    expect(await kept()).to.equal(0)
  })

  it('ends those of callers, who are gone after a start, and of agents that do not come back', async () => {
    await start()
    await deploy()
    await negotiate()
    const request = create(AclMessageSchema, { performative: 'request', receiver: SELLER, protocol: 'fipa-request' })
    await hosting.hosting.callers.send(request, newTrace(hosting.random), undefined)
    await until(async () => await kept() === 2)
    await hosting.stop()
    await store.commit([{ delete: 'agents', key: BUYER }])
    await start()
    expect(await list()).to.deep.equal([])
    await until(() => heard(SELLER).filter(text => text.includes('INITIATOR_GONE')).length === 2)
    await until(async () => await kept() === 0)
  })

  it('ends those whose shard is there no more', async () => {
    await start('agents.shards=2')
    await hosting.deploy('idler', 'negotiator')
    await deploy()
    await negotiate()
    const { shard } = hosting.hosting.agents.find(BUYER).place ?? { shard: 0 }
    expect(shard, 'the second agent is in the second shard').to.equal(1)
    await hosting.stop()
    await start()
    expect(await list()).to.deep.equal([])
    await until(() => heard(SELLER).some(text => text.includes('INITIATOR_GONE')))
    await until(async () => await kept() === 0)
  })

  it('tells the participants when the initiator is stopped', async () => {
    await start()
    await deploy()
    await negotiate()
    await hosting.hosting.agents.stop(BUYER, 0)
    await until(() => heard(SELLER).some(text => text.includes('INITIATOR_GONE')))
    await until(async () => await kept() === 0)
  })

  it('opens them again in a shard that was lost and started anew', async () => {
    await start('agents.wall_limit=200ms', 'agents.restart_delay=20ms')
    await deploy()
    await hosting.deploy('spin', 'spin')
    const before = await negotiate(60_000)
    await until(async () => await kept() === 1)
    await hosting.tell('spin')
    await until(() => hosting.hosting.agents.find('spin').quarantined)
    await until(async () => (await list()).length === 1)
    expect((await list())[0]).to.deep.include({ id: before.id, participants: before.participants })
    await hosting.hosting.conversations.office.cancel(before.id)
    await until(() => heard(BUYER).some(text => text.includes('CONVERSATION_CANCELLED')))
  })
})
