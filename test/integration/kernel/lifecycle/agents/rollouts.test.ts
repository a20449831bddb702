import type { MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AgentState, ReplaceStrategy, type AgentManifestSchema, type Store } from '../../../../../kernel/contract/index.js'
import type { AgentRecord } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { memoryStore, TestHosting, textOf } from '../../../../support/hosting.js'
import { until } from '../../../../support/until.js'

const { BLUE_GREEN, CANARY, SHADOW } = ReplaceStrategy

describe('roll-outs', function () {
  this.timeout(40_000)
  let hosting: TestHosting
  let store: Store
  const roll = (
    name: string, script: string, strategy: ReplaceStrategy, more: MessageInitShape<typeof AgentManifestSchema>['rollout'] = {},
  ): Promise<boolean> => hosting.deploy(name, script, { replace: true, strategy, rollout: more })
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(() => undefined, (error: unknown) => error instanceof Error && 'code' in error ? error.code : error)
  const ask = async (name: string): Promise<string> => textOf((await hosting.ask(name))[0])
  const agent = (name: string): AgentRecord => hosting.hosting.agents.find(name)
  const isOver = (name: string): boolean => hosting.hosting.agents.rollouts.of(name) === undefined
  const outcome = (name: string): string => hosting.hosting.agents.rollouts.outcome(name)

  beforeEach(async () => {
    store = memoryStore()
    hosting = await TestHosting.start(['agents.restart_delay=20ms', 'agents.shards=2'], store)
  })
  afterEach(() => hosting.stop())

  it('blue-green: what begins goes to the new one, which has a state of its own; the old one ends when it has nothing to do', async () => {
    await hosting.deploy('counter', 'counter')
    const old = agent('counter')
    expect([await ask('counter'), await ask('counter')]).to.deep.equal(['1', '2'])
    await roll('counter', 'counter/second', BLUE_GREEN)
    expect(agent('counter')).not.to.equal(old)
    expect([await ask('counter'), await ask('counter')]).to.deep.equal(['1', '2'])
    expect(old.state).to.equal(AgentState.RUNNING)
    await until(() => isOver('counter'))
    expect(old.state).to.equal(AgentState.STOPPED)
    expect(await ask('counter')).to.equal('3')
    expect([agent('counter').plan.version, await store.count('modules')]).to.deep.equal([2, 1])
  })

  it('blue-green: the old one takes the name back while it is there, with its state', async () => {
    await hosting.deploy('counter', 'counter')
    expect(await ask('counter')).to.equal('1')
    await roll('counter', 'counter/second', BLUE_GREEN)
    expect(await ask('counter')).to.equal('1')
    await hosting.hosting.agents.rollback('counter')
    expect(await ask('counter')).to.equal('2')
    await until(() => isOver('counter'))
    expect(outcome('counter')).to.equal('version 2 was rolled back: somebody asked for it')
    expect([agent('counter').plan.version, await store.count('modules')]).to.deep.equal([1, 1])
    expect(await codeOf(hosting.hosting.agents.rollback('counter'))).to.equal('ROLLOUT_MISSING')
  })

  it('canary: shares what begins, until it is promoted', async () => {
    await hosting.deploy('counter', 'counter')
    await roll('counter', 'counter/second', CANARY, { percent: 25 })
    for (let count = 0; count < 40; count++) await ask('counter')
    const { old, next } = hosting.hosting.agents.rollouts.of('counter') ?? {}
    const handled = (record: AgentRecord | undefined): number =>
      record?.place === undefined ? -1 : hosting.hosting.counters[record.place.shard]?.readAgent(record.place.slot, 0) ?? -1
    // An answer is there before its message is counted as handled.
    await until(() => handled(old) + handled(next) === 40)
    expect([handled(old), handled(next)]).to.deep.equal([30, 10])
    expect(await codeOf(roll('counter', 'counter/third', CANARY))).to.equal('ROLLOUT_UNDER_WAY')
    await hosting.hosting.agents.promote('counter')
    expect(await ask('counter')).to.equal('11')
    await until(() => isOver('counter'))
    expect(agent('counter')).to.equal(next)
    expect(await ask('counter')).to.equal('12')
  })

  it('canary: goes back by itself when too much fails', async () => {
    await hosting.deploy('echo', 'echo')
    await roll('echo', 'complain', CANARY, { percent: 50 })
    for (let count = 0; count < 60; count++) await hosting.ask('echo')
    await until(() => outcome('echo') !== '')
    expect(outcome('echo')).to.match(/^version 2 was rolled back: 100\.0 % of its \d+ messages failed, more than 5 %$/)
    for (let count = 0; count < 10; count++) expect((await hosting.ask('echo'))[0]?.performative).to.equal('inform')
    await until(() => isOver('echo'))
    expect([agent('echo').plan.version, await store.count('modules')]).to.deep.equal([1, 1])
  })

  it('canary: goes back by itself when it is too slow', async () => {
    await hosting.deploy('echo', 'echo')
    await roll('echo', 'dawdle', CANARY, { percent: 50, p99Milliseconds: 20 })
    await until(async () => {
      await hosting.ask('echo')
      return outcome('echo') !== ''
    })
    expect(outcome('echo')).to.match(/^version 2 was rolled back: 99 % of its \d+ messages took .*, more than 20 ms$/)
    await until(() => isOver('echo'))
    expect(agent('echo').plan.version).to.equal(1)
  })

  it('canary: goes back by itself when it is quarantined', async () => {
    await hosting.deploy('echo', 'echo')
    await roll('echo', 'fuel', CANARY, { percent: 50, errorPercent: 100 })
    // Until it is known everywhere that it takes nothing any more, that is the answer.
    while (outcome('echo') === '') await hosting.ask('echo').catch(() => {})
    expect(outcome('echo')).to.contain('quarantined')
    expect(agent('echo').quarantined).to.equal(false)
    await until(() => isOver('echo'))
  })

  it('shadow: sees everything, and nobody sees it', async () => {
    await hosting.deploy('counter', 'counter')
    await roll('counter', 'counter/announce', SHADOW)
    const { next } = hosting.hosting.agents.rollouts.of('counter') ?? {}
    for (const expected of ['1', '2', '3']) {
      const answers = await hosting.ask('counter')
      expect(answers.map(textOf)).to.deep.equal([expected])
    }
    const figure = (which: number): number =>
      next?.place === undefined ? -1 : hosting.hosting.counters[next.place.shard]?.readAgent(next.place.slot, which) ?? -1
    await until(() => figure(0) === 3)
    expect(figure(6)).to.equal(3)
    const offers = (): number => hosting.hosting.capabilities.ofAgent(next?.address.handle ?? 0).length
    expect(offers()).to.equal(0)
    await hosting.hosting.agents.promote('counter')
    expect(await ask('counter')).to.equal('4')
    await until(() => offers() === 1)
    await until(() => isOver('counter'))
    expect(agent('counter')).to.equal(next)
  })

  it('shadow: its mistakes cost nobody anything', async () => {
    await hosting.deploy('echo', 'echo')
    await roll('echo', 'complain', SHADOW)
    for (let count = 0; count < 5; count++) {
      expect((await hosting.ask('echo')).map(({ performative }) => performative)).to.deep.equal(['inform'])
    }
    expect(hosting.metric('caxton_dead_letters_total')).to.equal(0)
    await hosting.hosting.agents.rollback('echo')
    await until(() => isOver('echo'))
  })

  it('leave everything as it was when the new version does not start', async () => {
    await hosting.deploy('counter', 'counter')
    for (const strategy of [BLUE_GREEN, CANARY, SHADOW]) {
      expect(await codeOf(roll('counter', 'refuse-to-start', strategy))).to.equal('DEPLOYMENT_FAILED')
    }
    expect(isOver('counter')).to.equal(true)
    expect([await ask('counter'), hosting.hosting.agents.roster.all().length, await store.count('modules')]).to.deep.equal(['1', 1, 1])
  })

  it('need a place for one more agent', async () => {
    await hosting.stop()
    hosting = await TestHosting.start(['agents.max=2'], store)
    await hosting.deploy('one', 'echo')
    await roll('one', 'echo/second', CANARY)
    expect(await codeOf(hosting.deploy('two', 'echo'))).to.equal('RESOURCE_LIMIT_EXCEEDED')
    await hosting.hosting.agents.stop('one', 0)
    await hosting.hosting.agents.start('one')
    await hosting.deploy('two', 'echo')
    expect(await codeOf(roll('one', 'echo/second', CANARY))).to.equal('RESOURCE_LIMIT_EXCEEDED')
    expect((await hosting.ask('one'))[0]?.performative).to.equal('inform')
  })

  it('end when the agent is stopped or removed', async () => {
    for (const name of ['stopped', 'removed']) {
      await hosting.deploy(name, 'counter')
      await roll(name, 'counter/second', CANARY)
    }
    await hosting.hosting.agents.stop('stopped', 0)
    await hosting.hosting.agents.remove('removed')
    expect(hosting.hosting.agents.roster.all().map(({ name, plan }) => [name, plan.version])).to.deep.equal([['stopped', 1]])
    expect([await store.count('agents'), await store.count('modules')]).to.deep.equal([1, 1])
  })

  it('leave the old one alone, and say so, when the server was killed meanwhile', async () => {
    await hosting.deploy('counter', 'counter')
    await roll('counter', 'counter/second', CANARY, { percent: 50 })
    await roll('green', 'echo', BLUE_GREEN)
    await roll('green', 'echo/second', BLUE_GREEN)
    const kept = new Map<string, Uint8Array>()
    for await (const { key, value } of store.scan('agents')) kept.set(key, value)
    await hosting.stop()
    // What an orderly stop wrote is taken back.
    await store.commit([...kept].map(([key, value]) => ({ put: 'agents', key, value })))
    hosting = await TestHosting.start([], store)
    expect([agent('counter').plan.version, agent('green').plan.version]).to.deep.equal([1, 2])
    expect(hosting.hosting.agents.roster.all()).to.have.length(2)
    expect(hosting.log.lines.filter(({ message }) => message.includes('comes back alone'))).to.have.length(2)
    expect(await ask('counter')).to.equal('1')
  })
})
