import { expect } from 'chai'
import { AgentState, ReplaceStrategy, type Store } from '../../../../../kernel/contract/index.js'
import { memoryStore, TestHosting, textOf } from '../../../../support/hosting.js'
import type { Recorded } from '../../../../support/script-engine/stream-guests.js'
import { until } from '../../../../support/until.js'

const { IMMEDIATE, GRACEFUL } = ReplaceStrategy

describe('a new version of a running agent', () => {
  let hosting: TestHosting
  let store: Store
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(() => undefined, (error: unknown) => error instanceof Error && 'code' in error ? error.code : error)
  const replace = (name: string, script: string, strategy = GRACEFUL): Promise<boolean> =>
    hosting.deploy(name, script, { replace: true, strategy })
  const count = async (): Promise<string> => textOf((await hosting.ask('counter'))[0])
  const logOf = (name: string): string[] => hosting.hosting.agentLogs.latest(name, 1_000).map(({ text }) => text)

  beforeEach(async () => {
    store = memoryStore()
    hosting = await TestHosting.start(['agents.restart_delay=20ms', 'agents.shards=2', 'agents.mailbox_bytes=4MiB'], store)
  })
  afterEach(() => hosting.stop())

  it('keeps handle and state, has the next number, and is told which version saved', async () => {
    await hosting.deploy('counter', 'counter')
    const { address } = hosting.hosting.agents.find('counter')
    for (const [index, strategy] of [GRACEFUL, IMMEDIATE, GRACEFUL].entries()) {
      expect(await count()).to.equal(String(index + 1))
      expect(await replace('counter', `counter/${index}`, strategy)).to.equal(true)
    }
    expect(await count()).to.equal('4')
    expect(hosting.hosting.agents.find('counter')).to.deep.include({ address, state: AgentState.RUNNING })
    expect(hosting.hosting.agents.find('counter').plan.version).to.equal(4)
    const loaded = logOf('counter').filter(text => text.startsWith('loaded'))
    expect(loaded).to.deep.equal([1, 2, 3].map(from => `loaded what version ${from} saved`))
    await until(() => logOf('counter').filter(text => text === 'stopped').length === 3)
  })

  it('leaves everything as it was, however it fails', async () => {
    await hosting.deploy('counter', 'counter/alarm')
    expect(await count()).to.equal('1')
    const quirks = [
      'refuse-to-start', 'trap-at-start', 'send-at-start', 'refuse-to-load', 'trap-at-load', 'fuel-at-load',
    ]
    for (const quirk of quirks) {
      for (const strategy of [IMMEDIATE, GRACEFUL]) {
        expect(await codeOf(replace('counter', `counter/${quirk}`, strategy)), quirk).to.equal('DEPLOYMENT_FAILED')
      }
    }
    expect(await codeOf(replace('counter', 'bad module'))).to.equal('SCRIPT_REFUSED')
    expect(await count()).to.equal('2')
    await until(() => logOf('counter').includes('alarm'))
    const { plan, restarts, state } = hosting.hosting.agents.find('counter')
    expect([plan.version, restarts, state]).to.deep.equal([1, 0, AgentState.RUNNING])
    expect(await store.count('modules')).to.equal(1)
    expect(logOf('counter')).not.to.include('stopped')
  })

  it('does not take over when the store fails, and the old one goes on with what it had', async () => {
    await hosting.deploy('counter', 'counter/alarm')
    expect(await count()).to.equal('1')
    await hosting.deploy('later', 'counter/alarm')
    const commit = store.commit.bind(store)
    let release = (): void => {}
    const failing = new Promise<void>(resolve => { release = resolve })
    store.commit = async changes => {
      if (!changes.some(change => 'put' in change && change.put === 'modules')) return commit(changes)
      // Long enough for the timer of the old version to be due meanwhile, and for messages to wait.
      await failing
      throw new Error('disk full')
    }
    const replacing = codeOf(replace('counter', 'counter/second'))
    const waiting = [count(), count()]
    await until(() => logOf('later').includes('alarm'))
    release()
    expect(await replacing).to.be.an('error')
    store.commit = commit
    expect(await Promise.all(waiting)).to.deep.equal(['2', '3'])
    await until(() => logOf('counter').includes('alarm'))
    expect(await replace('counter', 'counter/third')).to.equal(true)
    expect(await count()).to.equal('4')
  })

  it('leaves the code of the old one to whoever was deployed with it meanwhile', async () => {
    await hosting.deploy('busy', 'dawdle')
    const { module } = hosting.hosting.agents.find('busy').plan
    await hosting.deploy('counter', 'counter')
    const waiting = Array.from({ length: 8 }, () => hosting.ask('busy'))
    await count()
    const replacing = replace('busy', 'recorder')
    await count()
    await hosting.deploy('late', 'dawdle')
    await Promise.all([replacing, ...waiting])
    expect(hosting.hosting.agents.find('late').plan.module).to.equal(module)
    expect(await store.get('modules', module)).to.not.equal(undefined)
  })

  it('is woken by the timers of the old one, at their time', async () => {
    await hosting.deploy('counter', 'counter/alarm')
    await replace('counter', 'counter/second')
    await until(() => logOf('counter').includes('alarm'))
    expect(logOf('counter').filter(text => text === 'alarm')).to.deep.equal(['alarm'])
  })

  it('announces its own capabilities, not those of the old one, and none when it fails', async () => {
    const offers = (): string[] =>
      hosting.hosting.capabilities.ofAgent(hosting.hosting.agents.find('agent').address.handle).map(({ name }) => name)
    await hosting.deploy('agent', 'announcer')
    await until(() => offers().includes('weather'))
    await codeOf(replace('agent', 'announcer/refuse-to-start'))
    expect(offers()).to.deep.equal(['weather'])
    await replace('agent', 'counter/announce')
    await until(() => offers().includes('counting'))
    expect(offers()).to.deep.equal(['counting'])
  })

  it('costs an old version that can\'t save a strike, and leaves it in its place', async () => {
    await hosting.deploy('counter', 'counter/trap-at-save')
    expect(await codeOf(replace('counter', 'counter/second'))).to.equal('DEPLOYMENT_FAILED')
    await until(() => hosting.hosting.agents.find('counter').state === AgentState.RUNNING)
    expect(await count()).to.equal('1')
    expect(hosting.hosting.agents.find('counter').plan.version).to.equal(1)
  })

  it('takes the place of one that waits for its restart, with what waits for it, or is quarantined', async () => {
    await hosting.stop()
    const delays = ['agents.restart_delay=1h', 'agents.restart_delay_max=1h', 'agents.strikes=2']
    hosting = await TestHosting.start(delays, store)
    const isFailed = (): boolean => hosting.hosting.agents.find('fragile').state === AgentState.FAILED
    await hosting.deploy('fragile', 'trap')
    await hosting.ask('fragile')
    await until(isFailed)
    const waiting = hosting.ask('fragile')
    await replace('fragile', 'echo')
    expect((await waiting)[0]?.performative).to.equal('inform')
    await replace('fragile', 'trap')
    await hosting.ask('fragile')
    await until(isFailed)
    await hosting.hosting.agents.start('fragile')
    hosting.hosting.agents.find('fragile').quarantined = true
    await replace('fragile', 'echo')
    expect((await hosting.ask('fragile'))[0]?.performative).to.equal('inform')
    expect(hosting.hosting.agents.find('fragile').quarantined).to.equal(false)
  })

  it('has its own limits', async () => {
    const limits = { mailboxMessages: 7, messageBytes: 2_048n }
    await hosting.deploy('echo', 'echo')
    await hosting.deploy('echo', 'echo', { replace: true, limits })
    expect(hosting.hosting.agents.find('echo').plan).to.deep.include({ mailboxMessages: 7 })
    expect((await hosting.ask('echo', { content: new Uint8Array(4_096) }))[0]?.performative).to.equal('failure')
    expect((await hosting.ask('echo', { content: new Uint8Array(1_024) }))[0]?.performative).to.equal('inform')
  })

  it('loses and doubles no message while versions change back and forth under load', async () => {
    const senders = ['one', 'two', 'three', 'four', 'five']
    const each = 2_000
    await hosting.deploy('recorder', 'recorder', { limits: { mailboxMessages: 20_000 } })
    for (const name of senders) await hosting.deploy(name, 'stream', { configuration: Buffer.from(String(each)) })
    for (const name of senders) await hosting.tell(name)
    const isDone = (): boolean => senders.every(name => logOf(name).includes('done'))
    let [versions, refused] = [1, 0]
    while (!isDone() || versions < 20) {
      const quirk = ['refuse', 'trap', 'a', 'b', 'c'][(versions + refused) % 5] ?? ''
      const strategy = (versions + refused) % 2 === 0 ? IMMEDIATE : GRACEFUL
      const limits = { mailboxMessages: 20_000 }
      const code = await codeOf(hosting.deploy('recorder', `recorder/${quirk}`, { replace: true, strategy, limits }))
      if (code === undefined) versions += 1
      else refused += 1
    }
    expect(refused).to.be.greaterThan(5)
    const report = async (): Promise<Record<string, Recorded>> =>
      JSON.parse(textOf((await hosting.ask('recorder'))[0])) as Record<string, Recorded>
    const isAll = async (): Promise<boolean> =>
      Object.values(await report()).reduce((sum, { count: came }) => sum + came, 0) >= senders.length * each
    // Their last messages may still be under way between the threads.
    await until(isAll)
    const recorded = await report()
    expect(Object.values(recorded)).to.deep.equal(senders.map(() => ({ last: each, count: each, wrong: 0 })))
    expect(senders.flatMap(logOf)).to.deep.equal(senders.map(() => 'done'))
    expect(hosting.metric('caxton_dead_letters_total')).to.equal(0)
  }).timeout(30_000)
})
