import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema, AgentState, ReplaceStrategy } from '../../../../kernel/contract/index.js'
import { newTrace } from '../../../../kernel/contract/index.js'
import { MoodyStore } from '../../../support/moody-store.js'
import { memoryStore, TestHosting, textOf } from '../../../support/hosting.js'
import { until } from '../../../support/until.js'

const SETS = ['agents.shards=2', 'agents.restart_delay=5ms', 'messages.retry_delay=5ms', 'messages.retries=2']

describe('agents that handle each message exactly once', () => {
  let store: MoodyStore
  let hosting: TestHosting

  beforeEach(async () => {
    store = new MoodyStore(memoryStore())
    hosting = await TestHosting.start(SETS, store.asStore)
  })
  afterEach(async () => {
    store.failsWork = false
    store.goOn()
    await hosting.stop()
  })

  const deploy = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) await hosting.deploy(name, 'ledger', { delivery: 'exactly-once' })
  }
  const tell = async (receiver: string, text: string): Promise<void> => {
    const message = create(AclMessageSchema, { performative: 'inform', receiver, content: Buffer.from(text) })
    await hosting.hosting.callers.send(message, newTrace(hosting.random), undefined)
  }
  const entriesOf = async (name: string): Promise<string[]> => JSON.parse(textOf((await hosting.ask(name))[0])) as string[]
  /** What an agent has once it has `wanted`. */
  const having = async (name: string, wanted: string): Promise<string[]> => {
    let entries: string[] = []
    await until(async () => (entries = await entriesOf(name)).includes(wanted))
    return entries
  }
  const shardOf = (name: string): number | undefined => hosting.hosting.agents.find(name).place?.shard

  for (const verb of ['complain', 'trap']) {
    it(`leave no trace of a message that they ${verb} about, and go on with the next`, async () => {
      await deploy('one', 'other')
      for (const text of ['before', `${verb} other`, 'after']) await tell('one', text)
      expect(await having('one', 'after')).to.deep.equal(['before', 'after'])
      await until(() => hosting.hosting.deadLetters.counted === 1)
      await tell('other', 'last')
      expect(await having('other', 'last')).to.deep.equal(['last'])
      expect(hosting.hosting.agents.find('one').state).to.equal(AgentState.RUNNING)
    })
  }

  it('lose nothing and double nothing when what they did could not be kept', async () => {
    await deploy('one', 'other')
    await tell('one', 'first')
    expect(await having('one', 'first')).to.deep.equal(['first'])
    store.failsWork = true
    await tell('one', 'send other hello')
    await until(() => store.failed > 2)
    expect(hosting.hosting.agents.find('other').state).to.equal(AgentState.RUNNING)
    store.failsWork = false
    expect(await having('one', 'send other hello')).to.deep.equal(['first', 'send other hello'])
    expect(await having('other', 'hello')).to.deep.equal(['hello'])
    await tell('other', 'last')
    expect(await having('other', 'last')).to.deep.equal(['hello', 'last'])
  })

  for (const verb of ['all', 'topic']) {
    it(`are each reached once by a message to many (${verb}), also when its sender does its work again`, async () => {
      const many = ['a', 'b', 'c', 'd']
      for (const name of many) await hosting.deploy(name, 'ledger', { delivery: 'exactly-once', configuration: Buffer.from('many') })
      await deploy('one')
      store.failsWork = true
      await tell('one', `${verb} many hello`)
      await until(() => store.failed > 0)
      store.failsWork = false
      for (const name of many) await having(name, 'hello')
      for (const name of many) {
        await tell(name, 'last')
        expect(await having(name, 'last'), name).to.deep.equal(['hello', 'last'])
      }
    })
  }

  for (const [where, asked] of [['in the same shard', 'same'], ['in another shard', 'there']] as const) {
    for (const fails of [false, true]) {
      it(`negotiate legally with an agent ${where}${fails ? ', also when what they did could not be kept at first' : ''}`, async () => {
        await deploy('one', 'there', 'same')
        expect([shardOf('same') === shardOf('one'), shardOf('there') === shardOf('one')]).to.deep.equal([true, false])
        if (fails) store.failsWork = true
        await tell('one', `ask ${asked} work`)
        if (fails) await until(() => store.failed > 2)
        store.failsWork = false
        expect(await having('one', 'inform:work')).to.deep.equal([`ask ${asked} work`, 'agree:work', 'inform:work'])
        expect(await entriesOf(asked)).to.deep.equal(['work'])
        expect(hosting.hosting.deadLetters.counted).to.equal(0)
      })
    }
  }

  it('hear that a message was accepted, and then that it was handled, also while its receiver is stopped', async () => {
    await hosting.deploy('sender', 'ledger')
    await deploy('exact', 'other')
    const codes = (entries: readonly string[]): string[] => entries.flatMap(entry => /MESSAGE_\w+/.exec(entry) ?? [])
    for (const name of ['sender', 'exact']) {
      await hosting.hosting.agents.stop('other', 0)
      await tell(name, `receipt other ${name}`)
      await until(async () => codes(await entriesOf(name)).length > 0)
      expect(codes(await entriesOf(name))).to.deep.equal(['MESSAGE_ACCEPTED'])
      await hosting.hosting.agents.start('other')
      await until(async () => codes(await entriesOf(name)).length > 1)
      expect(codes(await entriesOf(name))).to.deep.equal(['MESSAGE_ACCEPTED', 'MESSAGE_HANDLED'])
    }
  })

  it('ask once what they ask twice under one delivery key, and hear in the second conversation that they did', async () => {
    await hosting.deploy('asker', 'ledger')
    await deploy('exact', 'other')
    for (const name of ['asker', 'exact']) {
      for (let count = 0; count < 2; count++) await tell(name, `keyed other key-of-${name}`)
      const entries = async (): Promise<string[]> => (await entriesOf(name)).filter(entry => !entry.startsWith('keyed'))
      await until(async () => (await entries()).length === 3)
      const [failure, ...others] = (await entries()).sort((one, another) => one.length > another.length ? -1 : 1)
      expect(failure).to.match(/^failure:.*MESSAGE_DUPLICATE/)
      expect(others.sort()).to.deep.equal([`agree:key-of-${name}`, `inform:key-of-${name}`])
    }
    expect(await entriesOf('other')).to.deep.equal(['key-of-asker', 'key-of-exact'])
    expect(hosting.hosting.deadLetters.counted).to.equal(0)
  })

  it('lose nothing and double nothing when new versions take their places under load', async () => {
    await deploy('one', 'other')
    const texts = Array.from({ length: 300 }, (_, index) => `send other m${index}`)
    let isTold = false
    const telling = (async () => {
      // What stands in a commit with something that can't be kept is not kept either.
      for (const text of texts) {
        let isTold = false
        while (!isTold) isTold = await tell('one', text).then(() => true, () => false)
      }
      isTold = true
    })()
    let version = 1
    while (!isTold) {
      version += 1
      // Now and then what they did can't be kept at first.
      store.failsWork = version % 3 === 0
      for (const name of ['one', 'other']) {
        const strategy = version % 2 === 0 ? ReplaceStrategy.GRACEFUL : ReplaceStrategy.IMMEDIATE
        await hosting.deploy(name, `ledger/${version}`, { delivery: 'exactly-once', replace: true, strategy })
      }
      store.failsWork = false
    }
    await telling
    expect(version).to.be.greaterThan(3)
    const last = `m${texts.length - 1}`
    expect(await having('other', last)).to.deep.equal(texts.map(text => text.split(' ')[2]))
    expect(await entriesOf('one')).to.deep.equal(texts)
  })

  it('are stopped while what they did is being kept, and begin there', async () => {
    await deploy('one', 'there')
    await hosting.deploy('witness', 'counter')
    expect(shardOf('witness')).to.equal(shardOf('one'))
    await tell('one', 'first')
    await having('one', 'first')
    store.hold(true)
    await tell('one', 'during')
    await until(() => store.waiting > 0)
    let isStopped = false
    const stopped = hosting.hosting.agents.stop('one', 0).then(() => { isStopped = true })
    // Its shard, and main, had time enough to stop it.
    for (let count = 0; count < 5; count++) await hosting.ask('witness')
    expect(isStopped).to.equal(false)
    store.goOn()
    await stopped
    await hosting.hosting.agents.start('one')
    await tell('one', 'last')
    expect(await having('one', 'last')).to.deep.equal(['first', 'during', 'last'])
  })
})
