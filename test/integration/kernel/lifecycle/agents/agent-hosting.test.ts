import { expect } from 'chai'
import { AgentState } from '../../../../../kernel/contract/index.js'
import { ANY } from '../../../../../kernel/routing/dead-letters/letter-choice.js'
import { memoryStore, TestHosting, textOf } from '../../../../support/hosting.js'
import { until } from '../../../../support/until.js'

describe('the hosting of agents', () => {
  let hosting: TestHosting
  const stateOf = (name: string): AgentState => hosting.hosting.agents.find(name).state

  afterEach(() => hosting.stop())

  describe('with one shard', () => {
    beforeEach(async () => { hosting = await TestHosting.start(['agents.restart_delay=20ms']) })

    it('brings a message to an agent and the answer to its caller', async () => {
      await hosting.deploy('echo', 'echo')
      const answers = await hosting.ask('echo', { content: Buffer.from('{"hello":"world"}'), ontology: 'greetings' })
      expect(answers).to.have.length(1)
      expect(answers[0]).to.include({ performative: 'inform', sender: 'echo', receiver: 'caller', ontology: 'greetings' })
      expect(textOf(answers[0])).to.equal('{"hello":"world"}')
    })

    it('gathers every answer of a conversation until its protocol ends it', async () => {
      await hosting.deploy('worker', 'agree-then-inform')
      const answers = await hosting.ask('worker', { protocol: 'fipa-request' })
      expect(answers.map(answer => answer.performative)).to.eql(['agree', 'inform'])
    })

    it('keeps an illegal act from the initiator and tells its speaker', async () => {
      await hosting.deploy('rogue', 'illegal')
      const waiting = hosting.ask('rogue', { protocol: 'fipa-request', replyBy: BigInt(Date.now() + 300) })
      const answers = await waiting
      expect(answers.map(answer => answer.performative)).to.eql(['failure'])
      expect(textOf(answers[0])).to.contain('DEADLINE_PASSED')
    })

    it('refuses an act with which the protocol does not begin', async () => {
      await hosting.deploy('echo', 'echo')
      const error = await hosting.ask('echo', { performative: 'agree', protocol: 'fipa-request' }).catch((cause: unknown) => cause)
      expect(error).to.have.property('code', 'ACT_NOT_LEGAL')
    })

    it('tells the caller when no answer came by reply-by', async () => {
      await hosting.deploy('silent', 'silent')
      const answers = await hosting.ask('silent', { protocol: 'fipa-request', replyBy: BigInt(Date.now() + 100) })
      expect(answers.map(answer => answer.performative)).to.eql(['failure'])
      expect(textOf(answers[0])).to.contain('DEADLINE_PASSED')
    })

    it('names who is not there', async () => {
      const error = await hosting.ask('nobody').catch((cause: unknown) => cause)
      expect(error).to.have.property('code', 'AGENT_NOT_FOUND')
    })

    it('answers a message on which the agent trapped with a failure, and restarts the agent', async () => {
      await hosting.deploy('fragile', 'trap')
      const answers = await hosting.ask('fragile')
      expect(answers[0]?.performative).to.equal('failure')
      expect(textOf(answers[0])).to.contain('AGENT_TRAPPED')
      await until(() => hosting.hosting.agents.find('fragile').restarts === 1 && stateOf('fragile') === AgentState.RUNNING)
    })

    it('quarantines an agent after its strikes and gives its messages back', async () => {
      await hosting.deploy('fragile', 'fuel')
      for (let strike = 0; strike < 5; strike++) {
        expect(textOf((await hosting.ask('fragile'))[0])).to.contain('AGENT_OUT_OF_FUEL')
      }
      await until(() => hosting.hosting.agents.find('fragile').quarantined)
      const error = await hosting.ask('fragile').catch((cause: unknown) => cause)
      expect(error).to.have.property('code', 'AGENT_NOT_RUNNING')
    })

    it('lets a quarantined agent start again with a clean slate', async () => {
      await hosting.deploy('fragile', 'fuel')
      for (let strike = 0; strike < 5; strike++) await hosting.ask('fragile')
      await until(() => hosting.hosting.agents.find('fragile').quarantined)
      await hosting.hosting.agents.start('fragile')
      expect(stateOf('fragile')).to.equal(AgentState.RUNNING)
      expect(hosting.hosting.agents.find('fragile').quarantined).to.equal(false)
    })

    it('reports what an agent answered below zero as a failure', async () => {
      await hosting.deploy('grumbler', 'complain')
      expect(textOf((await hosting.ask('grumbler'))[0])).to.contain('AGENT_REPORTED_FAILURE')
    })

    it('bounds what one message may send', async () => {
      await hosting.deploy('flood', 'flood')
      await hosting.ask('flood')
      await until(() => hosting.hosting.agentLogs.latest('flood', 1).length > 0)
      expect(hosting.hosting.agentLogs.latest('flood', 1)[0]?.text).to.equal('sent 256')
    })

    it('leaves nothing behind when an agent refuses to start', async () => {
      const error = await hosting.deploy('mule', 'refuse-to-start').catch((cause: unknown) => cause)
      expect(error).to.have.property('code', 'DEPLOYMENT_FAILED')
      expect(hosting.hosting.agents.size).to.equal(0)
    })

    it('hands on why the engine refused a module', async () => {
      const error = await hosting.deploy('bad', 'bad module').catch((cause: unknown) => cause)
      expect(error).to.have.property('code', 'SCRIPT_REFUSED')
      expect(hosting.hosting.agents.size).to.equal(0)
    })

    it('deploys the same thing twice without a change, and another only with replace', async () => {
      expect(await hosting.deploy('echo', 'echo')).to.equal(true)
      expect(await hosting.deploy('echo', 'echo')).to.equal(false)
      const error = await hosting.deploy('echo', 'counter').catch((cause: unknown) => cause)
      expect(error).to.have.property('code', 'AGENT_ALREADY_EXISTS')
      expect(await hosting.deploy('echo', 'counter', { replace: true })).to.equal(true)
      expect(textOf((await hosting.ask('echo'))[0])).to.equal('1')
    })

    it('stops an agent, which then takes no messages, and starts it with the state it saved', async () => {
      await hosting.deploy('counter', 'counter')
      await hosting.ask('counter')
      await hosting.ask('counter')
      await hosting.hosting.agents.stop('counter', 1_000)
      expect(stateOf('counter')).to.equal(AgentState.STOPPED)
      expect(await hosting.ask('counter').catch((cause: unknown) => cause)).to.have.property('code', 'AGENT_NOT_RUNNING')
      await hosting.hosting.agents.start('counter')
      expect(textOf((await hosting.ask('counter'))[0])).to.equal('3')
    })

    it('forgets an agent that is removed', async () => {
      await hosting.deploy('echo', 'echo')
      await hosting.hosting.agents.remove('echo')
      expect(await hosting.ask('echo').catch((cause: unknown) => cause)).to.have.property('code', 'AGENT_NOT_FOUND')
    })

    it('fires timers and keeps log lines', async () => {
      await hosting.deploy('ticker', 'ticker', { configuration: Buffer.from('hello') })
      await until(() => hosting.hosting.agentLogs.latest('ticker', 10).length === 2)
      expect(hosting.hosting.agentLogs.latest('ticker', 10).map(line => line.text)).to.eql(['hello', 'tick 1'])
    })

    it('knows the capabilities that agents announce', async () => {
      await hosting.deploy('announcer', 'announcer')
      expect(hosting.hosting.capabilities.find('weather').map(({ agent }) => agent)).to.deep.equal(['announcer'])
    })

    it('keeps what could not be delivered as a dead letter with the reason', async () => {
      await hosting.deploy('fragile', 'trap')
      await hosting.ask('fragile', { content: Buffer.from('"x"') })
      await until(() => hosting.hosting.deadLetters.kept === 1)
      const { found: [one] } = await hosting.hosting.deadLetters.list(ANY, '', 1)
      expect(one?.letter).to.include({ reason: 'AGENT_TRAPPED', receiver: 'fragile', sender: 'caller' })
    })

    it('sends a dead letter anew when its agent is well again, and it is none any more', async () => {
      await hosting.deploy('fragile', 'trap')
      await hosting.ask('fragile', { content: Buffer.from('"x"') })
      const { hosting: { deadLetters, letterReplay, agents, callers } } = hosting
      await until(() => deadLetters.kept === 1)
      const replay = () => deadLetters.remove(ANY, '', 10, letter => letterReplay.send(letter) === undefined)
      await agents.stop('fragile', 1_000)
      await replay()
      expect(deadLetters.kept).to.equal(1)
      await agents.remove('fragile')
      await hosting.deploy('fragile', 'echo')
      await replay()
      expect(deadLetters.kept).to.equal(0)
      await until(() => callers.unclaimed === 1)
    })

    it('shows passing messages to a watcher', async () => {
      await hosting.deploy('echo', 'echo')
      const leaving = new AbortController()
      const seen: string[] = []
      const watching = (async () => {
        for await (const { message } of hosting.hosting.messageWatch.watch([], leaving.signal)) {
          seen.push(`${message?.sender} ${message?.performative} ${message?.receiver}`)
        }
      })()
      await hosting.ask('echo')
      await until(() => seen.length === 2)
      leaving.abort()
      await watching
      expect(seen).to.eql(['caller request echo', 'echo inform caller'])
    })
  })

  it('kills a shard that an agent holds, blames that agent, and brings the others back', async () => {
    hosting = await TestHosting.start(['agents.wall_limit=200ms'])
    await hosting.deploy('echo', 'echo')
    await hosting.deploy('spin', 'spin')
    const answers = await hosting.ask('spin')
    expect(answers.map(answer => answer.performative)).to.eql(['failure'])
    expect(textOf(answers[0])).to.contain('SHARD_LOST')
    await until(() => hosting.hosting.agents.find('spin').quarantined && stateOf('echo') === AgentState.RUNNING)
    expect((await hosting.ask('echo'))[0]?.performative).to.equal('inform')
  })

  it('refuses a module that takes too long to compile, and goes on', async () => {
    hosting = await TestHosting.start(['agents.deploy_timeout=200ms'])
    const error = await hosting.deploy('bomb', 'hang').catch((cause: unknown) => cause)
    expect(error).to.have.property('code', 'DEPLOY_TIMEOUT')
    await hosting.deploy('echo', 'echo')
    expect((await hosting.ask('echo'))[0]?.performative).to.equal('inform')
  })

  it('routes between shards', async () => {
    hosting = await TestHosting.start(['agents.shards=2'])
    for (const name of ['a', 'b', 'c', 'd']) await hosting.deploy(name, 'echo')
    const shards = hosting.hosting.agents.list().map(agent => agent.place?.shard)
    expect(new Set(shards).size).to.equal(2)
    for (const name of ['a', 'b', 'c', 'd']) expect((await hosting.ask(name))[0]?.sender).to.equal(name)
  })

  it('brings every agent back from the store, with its state', async () => {
    const store = memoryStore()
    hosting = await TestHosting.start([], store)
    await hosting.deploy('counter', 'counter')
    await hosting.deploy('still', 'echo')
    await hosting.ask('counter')
    await hosting.hosting.agents.stop('still', 0)
    await hosting.stop()
    hosting = await TestHosting.start([], store)
    expect(textOf((await hosting.ask('counter'))[0])).to.equal('2')
    expect(stateOf('still')).to.equal(AgentState.STOPPED)
  })

  it('hosts no more agents than it may', async () => {
    hosting = await TestHosting.start(['agents.max=2'])
    await hosting.deploy('a', 'echo')
    await hosting.deploy('b', 'echo')
    expect(await hosting.deploy('c', 'echo').catch((cause: unknown) => cause)).to.have.property('code', 'RESOURCE_LIMIT_EXCEEDED')
  })
})
