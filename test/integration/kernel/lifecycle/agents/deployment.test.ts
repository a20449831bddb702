import { expect } from 'chai'
import { AgentState, type Store } from '../../../../../kernel/contract/index.js'
import { memoryStore, TestHosting, textOf } from '../../../../support/hosting.js'
import { until } from '../../../../support/until.js'

describe('the deployment of agents', () => {
  let hosting: TestHosting
  let store: Store
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(() => undefined, (error: unknown) => error instanceof Error && 'code' in error ? error.code : error)
  const again = async (sets: readonly string[] = []): Promise<void> => {
    await hosting.stop()
    hosting = await TestHosting.start(sets, store)
  }

  beforeEach(async () => {
    store = memoryStore()
    hosting = await TestHosting.start(['agents.restart_delay=20ms'], store)
  })
  afterEach(() => hosting.stop())

  it('leaves the old agent in its place, with its state, when the new one cannot start', async () => {
    await hosting.deploy('counter', 'counter')
    await hosting.ask('counter')
    for (const script of ['refuse-to-start', 'trap-at-birth', 'bad module']) {
      expect(await codeOf(hosting.deploy('counter', script, { replace: true }))).to.be.oneOf(['DEPLOYMENT_FAILED', 'SCRIPT_REFUSED'])
    }
    expect(textOf((await hosting.ask('counter'))[0])).to.equal('2')
    await again()
    expect(textOf((await hosting.ask('counter'))[0])).to.equal('3')
  })

  it('tells the heaps how many agents there are, whenever one comes or goes, and after a restart', async () => {
    await hosting.deploy('one', 'echo')
    await hosting.deploy('two', 'echo')
    await hosting.hosting.agents.remove('one')
    expect(hosting.counts).to.deep.equal([0, 1, 2, 1])
    await again()
    expect(hosting.counts).to.deep.equal([0, 1])
  })

  it('leaves the old agent in its place when the new one cannot be kept', async () => {
    await hosting.deploy('counter', 'counter')
    await hosting.ask('counter')
    const commit = store.commit.bind(store)
    store.commit = changes => changes.some(change => 'put' in change && change.put === 'agents')
      ? Promise.reject(new Error('disk full'))
      : commit(changes)
    expect(await codeOf(hosting.deploy('counter', 'echo', { replace: true }))).to.be.an('error')
    expect(await codeOf(hosting.deploy('new', 'echo'))).to.be.an('error')
    store.commit = commit
    expect(textOf((await hosting.ask('counter'))[0])).to.equal('2')
    expect(hosting.hosting.agents.list().map(({ name }) => name)).to.deep.equal(['counter'])
  })

  it('writes a new agent to the disk while its module is still made ready, and takes it back when that fails', async () => {
    await again(['agents.deploy_timeout=1s'])
    const deploying = codeOf(hosting.deploy('slow', 'sound hang'))
    await until(async () => await store.count('agents') === 1)
    expect(hosting.hosting.agents.size).to.equal(0)
    expect(await deploying).to.equal('DEPLOY_TIMEOUT')
    expect([await store.count('agents'), await store.count('modules')]).to.deep.equal([0, 0])
  })

  it('tries an agent again that was being made ready when the server died, and says why it does not run', async () => {
    await again(['agents.deploy_timeout=1s'])
    const deploying = codeOf(hosting.deploy('slow', 'sound hang'))
    await until(async () => await store.count('agents') === 1)
    const left = await copyOf(store)
    await deploying
    await hosting.stop()
    store = left
    hosting = await TestHosting.start(['agents.deploy_timeout=200ms'], store)
    const { agents } = hosting.hosting
    expect(agents.find('slow').state).to.equal(AgentState.FAILED)
    expect(agents.find('slow').reason).to.contain('200 ms')
    await agents.remove('slow')
    expect([await store.count('agents'), await store.count('modules')]).to.deep.equal([0, 0])
  })

  it('leaves an agent stopped that was stopped when its replacement failed', async () => {
    await hosting.deploy('echo', 'echo')
    await hosting.hosting.agents.stop('echo', 0)
    expect(await codeOf(hosting.deploy('echo', 'refuse-to-start', { replace: true }))).to.equal('DEPLOYMENT_FAILED')
    expect(hosting.hosting.agents.find('echo').state).to.equal(AgentState.STOPPED)
    await hosting.hosting.agents.start('echo')
    expect((await hosting.ask('echo'))[0]?.performative).to.equal('inform')
  })

  it('keeps the module of no agent that was replaced or removed, unless another has it', async () => {
    await hosting.deploy('a', 'echo')
    await hosting.deploy('b', 'echo')
    await hosting.deploy('a', 'counter', { replace: true })
    expect(await store.count('modules')).to.equal(2)
    await hosting.deploy('b', 'counter', { replace: true })
    expect(await store.count('modules')).to.equal(1)
    await hosting.hosting.agents.remove('a')
    expect(await store.count('modules')).to.equal(1)
    await hosting.hosting.agents.remove('b')
    expect([await store.count('modules'), await store.count('agents')]).to.deep.equal([0, 0])
  })

  it('gives the state of the agent that was replaced to the new version, also where it was stopped or the server was', async () => {
    await hosting.deploy('counter', 'counter')
    await hosting.ask('counter')
    await hosting.deploy('counter', 'counter/second', { replace: true })
    await again()
    expect(textOf((await hosting.ask('counter'))[0])).to.equal('2')
    await hosting.hosting.agents.stop('counter', 0)
    await hosting.deploy('counter', 'counter/third', { replace: true })
    expect(textOf((await hosting.ask('counter'))[0])).to.equal('3')
    expect(hosting.hosting.agents.find('counter').plan.version).to.equal(3)
  })

  it('does not restart an agent that was stopped while it waited for its restart', async () => {
    await hosting.deploy('fragile', 'trap')
    await hosting.ask('fragile')
    await hosting.hosting.agents.stop('fragile', 0)
    await hosting.deploy('ticker', 'ticker')
    await until(() => hosting.hosting.agentLogs.latest('ticker', 9).length > 0)
    expect(hosting.hosting.agents.find('fragile').state).to.equal(AgentState.STOPPED)
  })

  it('does not bring an agent back that was removed at the moment of its quarantine', async () => {
    await hosting.deploy('fragile', 'fuel')
    for (let strike = 0; strike < 5; strike++) await hosting.ask('fragile')
    await hosting.hosting.agents.remove('fragile')
    await until(async () => await store.count('agents') === 0)
    await again()
    expect(hosting.hosting.agents.size).to.equal(0)
  })

  it('remembers a quarantine', async () => {
    await hosting.deploy('fragile', 'fuel')
    for (let strike = 0; strike < 5; strike++) await hosting.ask('fragile')
    await until(() => hosting.hosting.agents.find('fragile').quarantined)
    await again()
    expect(hosting.hosting.agents.find('fragile')).to.include({ quarantined: true, state: AgentState.FAILED })
  })

  it('keeps agents beyond a limit that was lowered, as failed, with the reason', async () => {
    for (const name of ['a', 'b', 'c']) await hosting.deploy(name, 'echo')
    await again(['agents.max=2'])
    const { RUNNING, FAILED } = AgentState
    expect(hosting.hosting.agents.list().map(({ state }) => state)).to.deep.equal([RUNNING, RUNNING, FAILED])
    expect(hosting.hosting.agents.find('c').reason).to.contain('hosts 2 agents already')
    expect((await hosting.ask('b'))[0]?.performative).to.equal('inform')
  })

  it('does not start an agent whose module in the store is another than it was', async () => {
    await hosting.deploy('echo', 'echo')
    const { plan: { module } } = hosting.hosting.agents.find('echo')
    await hosting.stop()
    await store.commit([{ put: 'modules', key: module, value: Buffer.from('counter') }])
    hosting = await TestHosting.start([], store)
    expect(hosting.hosting.agents.find('echo').state).to.equal(AgentState.FAILED)
    expect(hosting.hosting.agents.find('echo').reason).to.contain('the code of the agent "echo"')
  })

  it('names the agent whose entry in the store is damaged', async () => {
    await hosting.deploy('echo', 'echo')
    await hosting.stop()
    await store.commit([{ put: 'agents', key: 'echo', value: Buffer.from('{"wanted":true') }])
    const error = await TestHosting.start([], store).catch((cause: unknown) => cause)
    expect(error).to.have.property('code', 'AGENT_UNREADABLE')
    await store.commit([{ delete: 'agents', key: 'echo' }])
    hosting = await TestHosting.start([], store)
  })

  it('refuses new agents when the server stops', async () => {
    await hosting.hosting.drain()
    expect(await codeOf(hosting.deploy('echo', 'echo'))).to.equal('AGENTS_STOPPING')
    expect(await codeOf(hosting.ask('echo'))).to.equal('MESSAGES_STOPPING')
  })

  it('refuses a module that brings the deploy worker down, says so, and takes the next', async () => {
    expect(await codeOf(hosting.deploy('bomb', 'explode'))).to.equal('MODULE_BROUGHT_DOWN_COMPILER')
    expect(await hosting.deploy('echo', 'echo')).to.equal(true)
  })

  it('does not notice when the deploy worker ends between two modules', async () => {
    await hosting.deploy('leave', 'leave')
    await hosting.ask('leave', {}, 200).catch(() => {})
    expect(await hosting.deploy('echo', 'echo')).to.equal(true)
  })

  it('loses log lines of nobody to the next owner of a handle', async () => {
    await hosting.deploy('first', 'ticker', { configuration: Buffer.from('hello') })
    await hosting.hosting.agents.remove('first')
    await hosting.deploy('second', 'echo')
    await hosting.ask('second')
    expect(hosting.hosting.agentLogs.latest('second', 10)).to.deep.equal([])
    expect(hosting.hosting.agentLogs.latest('first', 10)).to.deep.equal([])
  })
})

/** What a server that dies now leaves behind. */
async function copyOf (store: Store): Promise<Store> {
  const copy = memoryStore()
  await (await TestHosting.start([], copy)).stop()
  for (const put of ['agents', 'modules']) {
    for await (const { key, value } of store.scan(put)) await copy.commit([{ put, key, value }])
  }
  return copy
}
