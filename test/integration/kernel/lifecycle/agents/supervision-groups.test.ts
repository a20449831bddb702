import { expect } from 'chai'
import { AgentState, GroupStrategy, type Store } from '../../../../../kernel/contract/index.js'
import { memoryStore, TestHosting, textOf } from '../../../../support/hosting.js'
import { until } from '../../../../support/until.js'

const { ONE_FOR_ALL, REST_FOR_ONE } = GroupStrategy

describe('supervision groups', () => {
  let hosting: TestHosting
  let store: Store
  const deploy = (name: string, script: string, groupOrder: number, groupStrategy = ONE_FOR_ALL): Promise<boolean> =>
    hosting.deploy(name, script, { group: 'shop', groupStrategy, groupOrder })
  const count = async (name: string): Promise<string> => textOf((await hosting.ask(name))[0])
  const kept = async (): Promise<string[]> => {
    const texts: string[] = []
    for await (const { value } of store.scan('agents')) texts.push(Buffer.from(value).toString())
    return texts
  }
  const all = (state: AgentState): boolean => hosting.hosting.agents.list().every(record => record.state === state)

  beforeEach(async () => {
    store = memoryStore()
    hosting = await TestHosting.start(['agents.restart_delay=20ms', 'agents.shards=2'], store)
  })
  afterEach(() => hosting.stop())

  it('begin anew together, over all shards; what comes meanwhile waits', async () => {
    await deploy('first', 'counter', 1)
    await deploy('second', 'counter', 2)
    await deploy('fragile', 'trap', 3)
    for (const name of ['first', 'second']) for (const expected of ['1', '2']) expect(await count(name)).to.equal(expected)
    await hosting.ask('fragile')
    await until(() => hosting.hosting.agents.list().every(({ restarts }) => restarts === 1))
    await until(() => all(AgentState.RUNNING))
    for (const name of ['first', 'second']) expect(await count(name)).to.equal('1')
  })

  it('are remembered, with what became of them', async () => {
    await deploy('first', 'counter', 1, REST_FOR_ONE)
    await deploy('second', 'fuel', 2, REST_FOR_ONE)
    await deploy('third', 'counter', 3, REST_FOR_ONE)
    for (let strike = 0; strike < 5; strike++) {
      await hosting.ask('second')
      await until(() => hosting.hosting.agents.find('second').quarantined || hosting.hosting.agents.find('second').restarts > strike)
    }
    await until(() => hosting.hosting.agents.find('third').quarantined)
    await until(async () => (await kept()).filter(text => text.includes('"quarantined":true')).length === 2)
    await hosting.stop()
    hosting = await TestHosting.start([], store)
    expect(hosting.hosting.agents.list().map(({ plan: { group }, quarantined }) => [group, quarantined])).to.deep.equal([
      [{ name: 'shop', strategy: 'rest-for-one', order: 1 }, false],
      [{ name: 'shop', strategy: 'rest-for-one', order: 2 }, true],
      [{ name: 'shop', strategy: 'rest-for-one', order: 3 }, true],
    ])
  })

  it('have one strategy each', async () => {
    await deploy('first', 'counter', 1)
    const error = await deploy('second', 'counter', 2, REST_FOR_ONE).catch((cause: unknown) => cause)
    expect(error).to.have.property('code', 'MANIFEST_INVALID')
    expect(String(error)).to.contain('one-for-all')
    expect(hosting.hosting.agents.size).to.equal(1)
  })
})
