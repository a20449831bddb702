import { expect } from 'chai'
import { AgentState } from '../../../../../kernel/contract/index.js'
import { memoryStore, TestHosting } from '../../../../support/hosting.js'
import { moodyEngine } from '../../../../support/script-engine/script-engine.js'
import { until } from '../../../../support/until.js'

const QUICK = ['agents.wall_limit=200ms', 'agents.restart_delay=20ms']

describe('the loss of a shard', () => {
  let hosting: TestHosting
  const stateOf = (name: string): AgentState => hosting.hosting.agents.find(name).state
  const isBack = (name: string): boolean => stateOf(name) === AgentState.RUNNING

  afterEach(() => hosting.stop())

  it('brings up messages that were under way to its other agents when it is back', async () => {
    hosting = await TestHosting.start(QUICK)
    await hosting.deploy('echo', 'echo')
    await hosting.deploy('spin', 'spin')
    await hosting.tell('spin')
    await until(() => hosting.hosting.counters.some(({ words }) => Atomics.load(words, 1) !== 0))
    const answers = await hosting.ask('echo')
    expect(answers[0]?.performative).to.equal('inform')
    expect(hosting.hosting.agents.find('spin').quarantined).to.equal(true)
  })

  it('loses no message without counting it', async () => {
    hosting = await TestHosting.start(QUICK)
    await hosting.deploy('spin', 'spin')
    for (let count = 0; count < 5; count++) await hosting.tell('spin')
    await until(() => hosting.metric('caxton_messages_lost_total') > 0)
    await until(() => hosting.metric('caxton_messages_lost_total') + hosting.hosting.deadLetters.counted === 5)
    expect(hosting.metric('caxton_messages_queued')).to.equal(0)
  })

  it('is followed by message ids that were not used before', async () => {
    hosting = await TestHosting.start(QUICK)
    await hosting.deploy('echo', 'echo')
    await hosting.deploy('spin', 'spin')
    const leaving = new AbortController()
    const ids: string[] = []
    const watching = (async () => {
      for await (const { messageId } of hosting.hosting.messageWatch.watch([], leaving.signal)) ids.push(messageId)
    })()
    await hosting.ask('echo')
    await hosting.tell('spin')
    await until(() => hosting.hosting.agents.find('spin').quarantined && isBack('echo'))
    await hosting.ask('echo')
    await until(() => ids.length >= 4)
    leaving.abort()
    await watching
    expect(new Set(ids).size).to.equal(ids.length)
  })

  it('brings back the names that its agents look up', async () => {
    hosting = await TestHosting.start(QUICK)
    await hosting.deploy('echo', 'echo')
    await hosting.deploy('finder', 'look-up')
    await hosting.deploy('spin', 'spin')
    await hosting.tell('spin')
    await until(() => hosting.hosting.agents.find('spin').quarantined && isBack('finder'))
    await hosting.ask('finder')
    await until(() => hosting.hosting.agentLogs.latest('finder', 1).length > 0)
    expect(hosting.hosting.agentLogs.latest('finder', 1)[0]?.text).to.equal('found echo')
  })

  it('does not bring back who was stopped or removed meanwhile', async () => {
    hosting = await TestHosting.start(QUICK)
    for (const name of ['stopped', 'removed', 'kept']) await hosting.deploy(name, 'echo')
    await hosting.deploy('spin', 'spin')
    await hosting.tell('spin')
    await until(() => hosting.hosting.agents.find('spin').quarantined)
    await Promise.all([hosting.hosting.agents.stop('stopped', 0), hosting.hosting.agents.remove('removed')])
    await until(() => isBack('kept'))
    expect(stateOf('stopped')).to.equal(AgentState.STOPPED)
    expect(hosting.hosting.agents.list().map(({ name }) => name)).to.have.members(['stopped', 'kept', 'spin'])
    await hosting.hosting.agents.start('stopped')
    expect((await hosting.ask('stopped'))[0]?.performative).to.equal('inform')
  })

  it('shows in the health while the shard cannot be started again, and is tried until it can', async () => {
    hosting = await TestHosting.start(QUICK, memoryStore(), moodyEngine({ 2: 'throw', 3: 'exit' }))
    await hosting.deploy('echo', 'echo')
    await hosting.deploy('spin', 'spin')
    await hosting.tell('spin')
    await until(() => hosting.hosting.health().state === 'failed')
    expect(hosting.hosting.health().detail).to.match(/^shard 1 could not be started again \(.*\); it is tried every \d+ ms$/)
    await until(() => isBack('echo'))
    expect(hosting.hosting.health().state).to.equal('ready')
  })
})

describe('a shard that cannot be started', () => {
  for (const how of ['throw', 'exit'] as const) {
    it(`keeps the hosting from starting, and is not waited for: ${how}`, async () => {
      const outcome = await TestHosting.start([], memoryStore(), moodyEngine({ 1: how })).catch((error: Error) => error)
      expect(outcome).to.be.an('error')
    })
  }
})
