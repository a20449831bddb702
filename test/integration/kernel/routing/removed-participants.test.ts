import { expect } from 'chai'
import { TestHosting } from '../../../support/hosting.js'
import { until } from '../../../support/until.js'

describe('conversations with an agent that is removed', () => {
  let hosting: TestHosting

  beforeEach(async () => { hosting = await TestHosting.start(['agents.shards=2']) })
  afterEach(() => hosting.stop())

  it('end for their initiators at once, in whichever thread they live', async () => {
    const { agents, agentLogs, conversations } = hosting.hosting
    // Without a configuration it only writes down what it gets.
    await hosting.deploy('silent', 'negotiator')
    const buyers = ['one', 'two']
    for (const buyer of buyers) {
      await hosting.deploy(buyer, 'negotiator', { configuration: Buffer.from('silent') })
      await hosting.tell(buyer)
    }
    expect(new Set(buyers.map(buyer => agents.find(buyer).place?.shard))).to.have.property('size', 2)
    const waiting = hosting.ask('silent', { protocol: 'fipa-request' })
    const all = { agent: '', protocol: '', withEnded: false, limit: 9 }
    const open = async (): Promise<number> => (await conversations.office.list(all)).length
    await until(() => agentLogs.latest('silent', 10).length === 3)
    expect(await open()).to.equal(3)
    await agents.remove('silent')
    expect((await waiting).map(({ performative }) => performative)).to.deep.equal(['failure'])
    for (const buyer of buyers) {
      await until(() => agentLogs.latest(buyer, 10).some(({ text }) => text.startsWith('failure') && text.includes('AGENT_NOT_FOUND')))
    }
    expect(await open()).to.equal(0)
  })
})
