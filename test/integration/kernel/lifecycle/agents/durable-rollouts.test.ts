import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema, AgentState, ReplaceStrategy, type Store } from '../../../../../kernel/contract/index.js'
import type { AgentRecord } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { newTrace } from '../../../../../kernel/contract/index.js'
import { memoryStore, TestHosting, textOf } from '../../../../support/hosting.js'
import { until } from '../../../../support/until.js'

const { BLUE_GREEN, CANARY, SHADOW } = ReplaceStrategy
const EXACT = { delivery: 'exactly-once' }

describe('roll-outs of agents with durable messages', function () {
  this.timeout(40_000)
  let hosting: TestHosting
  let store: Store

  beforeEach(async () => {
    store = memoryStore()
    hosting = await TestHosting.start(['agents.restart_delay=20ms', 'agents.shards=2', 'messages.retry_delay=5ms'], store)
  })
  afterEach(() => hosting.stop())

  const tell = async (receiver: string, text: string): Promise<void> => {
    const message = create(AclMessageSchema, { performative: 'inform', receiver, content: Buffer.from(text) })
    await hosting.hosting.callers.send(message, newTrace(hosting.random), undefined)
  }
  const entriesOf = async (name: string): Promise<string[]> => JSON.parse(textOf((await hosting.ask(name))[0])) as string[]
  const having = async (name: string, wanted: readonly string[]): Promise<string[]> => {
    let entries: string[] = []
    await until(async () => {
      entries = await entriesOf(name)
      return wanted.every(entry => entries.includes(entry))
    }, 15_000)
    return entries
  }
  const roll = (name: string, strategy: ReplaceStrategy, percent = 0): Promise<boolean> =>
    hosting.deploy(name, 'ledger/second', { ...EXACT, replace: true, strategy, rollout: { percent } })
  const isOver = (name: string): boolean => hosting.hosting.agents.rollouts.of(name) === undefined
  const handled = ({ place }: AgentRecord): number =>
    place === undefined ? -1 : hosting.hosting.counters[place.shard]?.readAgent(place.slot, 0) ?? -1

  /** What an agent has in a second server over the same store. */
  const afterRestart = async (name: string): Promise<unknown> => {
    const again = await TestHosting.start(['agents.shards=2'], store)
    try {
      return JSON.parse(textOf((await again.ask(name))[0]))
    } finally {
      await again.stop()
    }
  }

  it('let each message be handled once, by one of the versions, whoever has the name in the end', async () => {
    const agents = hosting.hosting.agents
    for (const name of ['one', 'witness']) await hosting.deploy(name, 'ledger', EXACT)
    const old = agents.find('one')
    await roll('one', CANARY, 50)
    const next = agents.rollouts.of('one')?.next ?? expect.fail('there is no new version')
    const texts = Array.from({ length: 60 }, (_, index) => `m${index}`)
    for (const [index, text] of texts.entries()) {
      if (index === 20) await agents.promote('one')
      if (index === 40) await agents.rollback('one')
      await tell('one', `send witness ${text}`)
    }
    expect((await having('witness', texts)).sort()).to.deep.equal([...texts].sort())
    for (const version of [old, next]) expect(handled(version)).to.be.within(20, 40)
    await until(() => isOver('one'), 15_000)
    expect([agents.find('one'), next.state]).to.deep.equal([old, AgentState.STOPPED])
    expect(hosting.hosting.deadLetters.counted).to.equal(0)
  })

  it('leave a conversation with the version that began it', async () => {
    const { agents, conversations } = hosting.hosting
    for (const name of ['one', 'other']) await hosting.deploy(name, 'ledger', EXACT)
    const old = agents.find('one')
    await agents.stop('other', 0)
    await tell('one', 'ask other work')
    const open = async (): Promise<number> =>
      (await conversations.office.list({ agent: '', protocol: 'fipa-request', withEnded: false, limit: 9 })).length
    await until(async () => await open() === 1)
    await roll('one', BLUE_GREEN)
    await agents.start('other')
    await until(async () => await open() === 0)
    await until(() => isOver('one'), 15_000)
    expect(old.saved && Buffer.from(old.saved.bytes).toString()).to.equal('["ask other work","agree:work","inform:work"]')
    expect(await afterRestart('one'), 'what the old one saved is not the new one\'s').to.deep.equal([])
    expect([await entriesOf('one'), await entriesOf('other')]).to.deep.equal([[], ['work']])
    expect(hosting.hosting.deadLetters.counted).to.equal(0)
  })

  it('keep the state of the version that comes back, and no other', async () => {
    await hosting.deploy('one', 'ledger', EXACT)
    await tell('one', 'old')
    await having('one', ['old'])
    await roll('one', BLUE_GREEN)
    for (const text of ['new', 'newer']) await tell('one', text)
    expect(await having('one', ['newer'])).to.deep.equal(['new', 'newer'])
    expect(await afterRestart('one')).to.deep.equal(['new', 'newer'])
  })

  it('show everything to a shadow, which keeps nothing', async () => {
    for (const name of ['one', 'witness']) await hosting.deploy(name, 'ledger', EXACT)
    await roll('one', SHADOW)
    const next = hosting.hosting.agents.rollouts.of('one')?.next ?? expect.fail('there is no new version')
    for (const text of ['a', 'b', 'c']) await tell('one', `send witness ${text}`)
    expect(await having('witness', ['c'])).to.deep.equal(['a', 'b', 'c'])
    await until(() => handled(next) === 3)
    expect(hosting.hosting.deadLetters.counted).to.equal(0)
    await hosting.hosting.agents.promote('one')
    await tell('one', 'send witness d')
    expect(await having('witness', ['d'])).to.deep.equal(['a', 'b', 'c', 'd'])
  })
})
