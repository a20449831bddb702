import { expect } from 'chai'
import { AgentLocks } from '../../../../../kernel/lifecycle/agents/agent-locks.js'
import { AgentQuarantine, refuseHeld } from '../../../../../kernel/lifecycle/agents/agent-quarantine.js'
import { AgentRecord, type AgentPlan } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { AgentState } from '../../../../../kernel/lifecycle/agents/agent-states.js'

const PLAN: AgentPlan = {
  name: 'clerk', module: 'm', signature: undefined, permissions: [], granted: [], mailboxMessages: 1, messageRate: 0, logLines: 1,
  limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 }, configuration: new Uint8Array(0),
  delivery: 'at-most-once', deployedAt: 0, version: 1, claim: 1, group: undefined, wish: { strategy: 'least-loaded' },
}

describe('the quarantine of agents by operators', () => {
  let done: string[]
  let record: AgentRecord
  let quarantine: AgentQuarantine

  beforeEach(() => {
    done = []
    record = new AgentRecord(PLAN, { handle: 20, generation: 1 }, { ended: () => {}, changed: () => {}, forgotten: () => {} })
    quarantine = new AgentQuarantine({
      locks: new AgentLocks(),
      roster: { find: () => record },
      rollouts: { cut: async () => { done.push('cut') } },
      care: {
        forgive: () => { done.push('forgive') },
        shutAway: held => {
          held.quarantined = true
          done.push('shut away')
        },
      },
      life: { launch: async () => { done.push('launch') } },
      store: { keep: async agent => { done.push(`keep ${String(agent.quarantined)} ${agent.heldFor ?? '-'}`) } },
    })
  })

  it('ends a roll-out and the agent, and is kept with its reason', async () => {
    await quarantine.quarantine('clerk', 'it looks odd')
    expect(done).to.deep.equal(['cut', 'shut away', 'keep true it looks odd'])
    expect(() => { refuseHeld(record) }).to.throw('the agent "clerk" is in quarantine: it looks odd')
  })

  it('has a reason also where none is given, and none that is endless', async () => {
    await quarantine.quarantine('clerk', '')
    expect(record.heldFor).to.equal('an operator said so')
    const error: unknown = await quarantine.quarantine('clerk', 'x'.repeat(1_001)).catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'MANIFEST_INVALID')
  })

  it('ends with a start, unless the agent was stopped', async () => {
    await quarantine.quarantine('clerk', 'x')
    record.enter(AgentState.STOPPED)
    await quarantine.release('clerk')
    await quarantine.quarantine('clerk', 'x')
    record.wanted = false
    await quarantine.release('clerk')
    expect(done.filter(what => !what.startsWith('cut') && what !== 'shut away')).to.deep.equal(
      ['keep true x', 'forgive', 'keep false -', 'launch', 'keep true x', 'forgive', 'keep false -'])
    expect(() => { refuseHeld(record) }).to.not.throw()
  })

  it('that the server decided on ends likewise, and to one that is free nothing happens', async () => {
    await quarantine.release('clerk')
    expect(done).to.deep.equal([])
    record.quarantined = true
    await quarantine.release('clerk')
    expect(done).to.deep.equal(['forgive', 'keep false -', 'launch'])
  })
})
