import { expect } from 'chai'
import { AgentState, type SecurityEvent } from '../../../../../kernel/contract/index.js'
import { AgentCare } from '../../../../../kernel/lifecycle/agents/agent-care.js'
import { AgentLocks } from '../../../../../kernel/lifecycle/agents/agent-locks.js'
import type { AgentRecord } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { AgentRoster } from '../../../../../kernel/lifecycle/agents/agent-roster.js'
import type { GroupPlace } from '../../../../../kernel/lifecycle/agents/supervision-group.js'
import { Directory } from '../../../../../kernel/routing/directory/directory.js'
import { RouteTable, routeTableBuffer } from '../../../../../kernel/routing/directory/route-table.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const { LOADED, READY, RUNNING, STOPPED, FAILED } = AgentState

describe('the care for agents', () => {
  let clock: VirtualClock
  let roster: AgentRoster
  let locks: AgentLocks
  let care: AgentCare
  let done: string[]
  let noted: Array<Omit<SecurityEvent, 'event'>>
  /** Names of agents that do not start. */
  let failing: Set<string>
  const running = (name: string, shard = 0, group?: GroupPlace): AgentRecord => {
    const record = roster.enter({
      name, module: 'm', permissions: [], granted: [], messageRate: 0, logLines: 100, signature: undefined,
      configuration: new Uint8Array(0), mailboxMessages: 1, deployedAt: 0, version: 1,
      claim: 1, group, wish: { strategy: 'least-loaded' }, delivery: 'at-most-once',
      limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 },
    })
    record.place = { shard, slot: 0 }
    for (const state of [LOADED, READY, RUNNING]) record.enter(state)
    return record
  }
  const fault = ({ address }: AgentRecord): void => care.heed({ kind: 'fault', handle: address.handle, fault: 'trap', message: 'x' })
  /** Holds an agent's lock while `meanwhile` happens. */
  const during = async (name: string, meanwhile: () => void): Promise<void> => {
    await locks.run(name, async () => meanwhile())
    await settled()
  }

  beforeEach(() => {
    clock = new VirtualClock()
    done = []
    noted = []
    failing = new Set()
    locks = new AgentLocks()
    roster = new AgentRoster(new Directory(new RouteTable(routeTableBuffer()), () => {}), 10, {
      ended: () => {}, changed: () => {}, forgotten: () => {},
    })
    care = new AgentCare({
      roster, locks, clock, log: new RecordingLogger(), events: { note: event => noted.push(event) }, quarantined: () => {},
      store: { keep: async ({ plan, quarantined }) => { done.push(`keep ${plan.name} ${quarantined}`) } },
      life: {
        restart: async record => {
          done.push(`restart ${record.name}`)
          if (failing.has(record.name)) return 'it refuses'
          for (const state of [LOADED, READY, RUNNING]) record.enter(state)
          return undefined
        },
        rest: record => done.push(`rest ${record.name}`),
        shut: record => done.push(`shut ${record.name}`),
        bear: async records => { done.push(`bear ${records.map(({ name }) => name).join()}`) },
      },
    }, { strikes: 3, strikeWindow: 10_000, restartDelay: 100, restartDelayMax: 1_000 })
  })

  it('restarts an agent that misbehaved, after the delay', async () => {
    const agent = running('a')
    fault(agent)
    expect([agent.state, agent.reason]).to.deep.equal([FAILED, 'trap: x'])
    await clock.pass(99)
    expect(done).to.deep.equal([])
    await clock.pass(1)
    expect([done, agent.restarts]).to.deep.equal([['restart a'], 1])
  })

  it('lets whoever has the agent in hand finish first, and then looks again whether it is to be restarted', async () => {
    for (const meanwhile of [
      (agent: AgentRecord) => agent.enter(STOPPED), (agent: AgentRecord) => roster.forget(agent),
      (agent: AgentRecord) => { agent.quarantined = true }, () => care.stop(),
    ]) {
      const agent = running(`agent-${roster.size}`)
      fault(agent)
      await during(agent.name, () => {
        clock.advance(1_000)
        meanwhile(agent)
      })
    }
    expect(done).to.deep.equal([])
  })

  it('quarantines at the last strike: nothing more is taken for it, and the store and the audit log know', async () => {
    const agent = running('a')
    for (let strike = 0; strike < 3; strike++) {
      if (agent.state === FAILED) for (const state of [LOADED, READY, RUNNING]) agent.enter(state)
      fault(agent)
    }
    expect(agent.quarantined).to.equal(true)
    await settled()
    expect(done).to.deep.equal(['shut a', 'keep a true'])
    const because = 'quarantined: 3 strikes in a row; last: trap: x'
    expect(noted).to.deep.equal([{ what: 'agent-quarantined', resource: 'a', result: 'warning', because }])
    expect(clock.pending).to.equal(0)
  })

  it('does not keep the quarantine of an agent that is removed meanwhile', async () => {
    const agent = running('a')
    await during('a', () => {
      care.shardLost(0, agent.address.handle)
      roster.forget(agent)
    })
    expect(done).to.deep.equal(['shut a'])
  })

  it('blames for the loss of a shard only who lived in it', () => {
    const elsewhere = running('elsewhere', 1)
    const here = running('here', 0)
    care.shardLost(0, elsewhere.address.handle)
    expect([elsewhere.quarantined, elsewhere.state, here.quarantined, here.state]).to.deep.equal([false, RUNNING, false, FAILED])
    care.shardLost(0, 0)
    expect(here.restarts).to.equal(1)
  })

  it('forgives who lost its shard while it waited for a restart: the shard brings it back', async () => {
    const agent = running('a')
    fault(agent)
    for (const state of [LOADED, READY, RUNNING]) agent.enter(state)
    care.shardLost(0, 0)
    expect(clock.pending).to.equal(0)
    await care.shardBack(0)
    expect(done).to.deep.equal(['bear a'])
  })

  it('brings back who is wanted, and nobody else', async () => {
    for (const name of ['wanted', 'unwanted', 'quarantined', 'stopped', 'elsewhere']) running(name, name === 'elsewhere' ? 1 : 0)
    care.shardLost(0, 0)
    care.shardLost(1, 0)
    roster.find('unwanted').wanted = false
    roster.find('quarantined').quarantined = true
    roster.find('stopped').enter(STOPPED)
    await care.shardBack(0)
    expect(done).to.deep.equal(['bear wanted'])
  })

  describe('for a supervision group', () => {
    type Members = Readonly<Record<'a' | 'b' | 'c', AgentRecord>>
    /** Three members whose order is not that of their names. */
    const group = (strategy: GroupPlace['strategy']): Members => {
      const member = (name: string, order: number): AgentRecord => running(name, 0, { name: 'shop', strategy, order })
      return { a: member('a', 3), b: member('b', 1), c: member('c', 2) }
    }

    it('restarts one for one: the others notice nothing', async () => {
      const { a, b } = group('one-for-one')
      fault(a)
      expect([b.state, done]).to.deep.equal([RUNNING, []])
      await clock.pass(100)
      expect(done).to.deep.equal(['restart a'])
    })

    it('restarts one for all: all rest at once and come back in order', async () => {
      const { a, b, c } = group('one-for-all')
      fault(c)
      expect(done).to.deep.equal(['rest b', 'rest a'])
      expect(b.reason).to.equal('it restarts with "c" of its group "shop"')
      await clock.pass(100)
      expect(done.slice(2)).to.deep.equal(['restart b', 'restart c', 'restart a'])
      expect([a, b, c].map(({ state, restarts }) => [state, restarts])).to.deep.equal([[RUNNING, 1], [RUNNING, 1], [RUNNING, 1]])
    })

    it('restarts rest for one: who comes after', async () => {
      const { b, c } = group('rest-for-one')
      fault(c)
      expect(done).to.deep.equal(['rest a'])
      await clock.pass(100)
      expect(done).to.deep.equal(['rest a', 'restart c', 'restart a'])
      done.length = 0
      fault(b)
      await clock.pass(200)
      expect(done).to.deep.equal(['rest c', 'rest a', 'restart b', 'restart c', 'restart a'])
    })

    it('has one account: members that misbehave in turn wait longer and longer, then all are quarantined', async () => {
      const { a, b, c } = group('one-for-all')
      fault(a)
      await clock.pass(100)
      fault(b)
      await clock.pass(199)
      expect(a.state).to.equal(FAILED)
      await clock.pass(1)
      expect(a.state).to.equal(RUNNING)
      done.length = 0
      fault(c)
      await settled()
      expect([a, b, c].map(({ quarantined }) => quarantined)).to.deep.equal([true, true, true])
      expect(done.filter(what => what.startsWith('shut'))).to.deep.equal(['shut a', 'shut c', 'shut b'])
      expect(a.reason).to.contain('quarantined: with "c" of its group')
      expect(c.reason).to.contain('quarantined: 3 strikes in a row')
      await clock.pass(60_000)
      expect(done.some(what => what.startsWith('restart'))).to.equal(false)
    })

    it('quarantines one for one only who misbehaved at last; another that waits is restarted', async () => {
      const { a, b, c } = group('one-for-one')
      fault(a)
      await clock.pass(100)
      fault(a)
      await clock.pass(200)
      fault(b)
      await settled()
      expect([a, b, c].map(({ quarantined }) => quarantined)).to.deep.equal([false, true, false])
    })

    it('quarantines rest for one who misbehaved and who comes after', async () => {
      const { a, b, c } = group('rest-for-one')
      for (let strike = 0; strike < 3; strike++) {
        fault(c)
        await clock.pass(1_000)
      }
      expect([a, b, c].map(({ quarantined }) => quarantined)).to.deep.equal([true, false, true])
    })

    it('takes a member that does not start for one that misbehaved again', async () => {
      group('one-for-all')
      failing.add('c')
      fault(roster.find('a'))
      await clock.pass(100)
      expect(done).to.deep.equal(['rest b', 'rest c', 'restart b', 'restart c', 'rest b'])
      failing.clear()
      await clock.pass(200)
      expect(done.slice(5)).to.deep.equal(['restart b', 'restart c', 'restart a'])
    })

    it('forgets a member that is stopped or replaced while it waits, and restarts the others', async () => {
      const { a, b, c } = group('one-for-all')
      fault(a)
      care.forgive(b)
      b.enter(STOPPED)
      await clock.pass(100)
      expect(done).to.deep.equal(['rest b', 'rest c', 'restart c', 'restart a'])
      expect([a.state, c.state]).to.deep.equal([RUNNING, RUNNING])
    })
  })
})
