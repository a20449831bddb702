import { expect } from 'chai'
import { AgentState } from '../../../../../kernel/contract/index.js'
import { AgentCare } from '../../../../../kernel/lifecycle/agents/agent-care.js'
import { AgentLocks } from '../../../../../kernel/lifecycle/agents/agent-locks.js'
import { USUAL_CALLS, type AgentRecord } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { AgentRoster } from '../../../../../kernel/lifecycle/agents/agent-roster.js'
import { Directory } from '../../../../../kernel/routing/directory.js'
import { RouteTable, routeTableBuffer } from '../../../../../kernel/routing/route-table.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const { LOADED, READY, RUNNING, STOPPED, FAILED } = AgentState

describe('the care for agents', () => {
  let clock: VirtualClock
  let roster: AgentRoster
  let locks: AgentLocks
  let care: AgentCare
  let done: string[]
  const running = (name: string, shard = 0): AgentRecord => {
    const record = roster.enter({
      name, module: 'm', granted: USUAL_CALLS, configuration: new Uint8Array(0), mailboxMessages: 1, deployedAt: 0, version: 1,
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
    locks = new AgentLocks()
    roster = new AgentRoster(new Directory(new RouteTable(routeTableBuffer()), () => {}), 10)
    care = new AgentCare({
      roster, locks, clock, log: new RecordingLogger(),
      store: { keep: async ({ plan, quarantined }) => { done.push(`keep ${plan.name} ${quarantined}`) } },
      life: {
        restart: async record => {
          done.push(`restart ${record.name}`)
          return undefined
        },
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

  it('quarantines at the last strike: nothing more is taken for it, and the store knows', async () => {
    const agent = running('a')
    for (let strike = 0; strike < 3; strike++) {
      if (agent.state === FAILED) for (const state of [LOADED, READY, RUNNING]) agent.enter(state)
      fault(agent)
    }
    expect(agent.quarantined).to.equal(true)
    await settled()
    expect(done).to.deep.equal(['shut a', 'keep a true'])
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
})
