import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AgentManifestSchema, AgentState } from '../../../../../kernel/contract/index.js'
import { AgentRecord } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { mayFollow, stateName } from '../../../../../kernel/lifecycle/agents/agent-states.js'

const { UNLOADED, LOADED, READY, RUNNING, DRAINING, STOPPED, FAILED } = AgentState
const STATES = [UNLOADED, LOADED, READY, RUNNING, DRAINING, STOPPED, FAILED]

function record (): AgentRecord {
  const { name, configuration } = create(AgentManifestSchema, { name: 'echo' })
  return new AgentRecord({
    name, module: 'm', permissions: [], granted: [], messageRate: 0, logLines: 100, signature: undefined,
    configuration, mailboxMessages: 1, deployedAt: 0, delivery: 'at-most-once',
    version: 1, claim: 1, group: undefined, wish: { strategy: 'least-loaded' },
    limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 },
  }, { handle: 2, generation: 1 }, { ended: () => {}, changed: () => {}, forgotten: () => {} })
}

describe('the states of an agent', () => {
  it('allow a whole life and a second one after a failure', () => {
    const agent = record()
    for (const state of [LOADED, READY, RUNNING, FAILED, LOADED, READY, RUNNING, DRAINING, STOPPED, LOADED]) agent.enter(state)
    expect(agent.state).to.equal(LOADED)
  })

  it('let an agent run only after it was loaded and ready', () => {
    expect(STATES.filter(state => mayFollow(state, RUNNING))).to.deep.equal([READY])
    expect(STATES.filter(state => mayFollow(state, READY))).to.deep.equal([LOADED])
    expect(STATES.filter(state => mayFollow(state, DRAINING))).to.deep.equal([RUNNING])
  })

  it('lead to failed from wherever something can go wrong', () => {
    expect(STATES.filter(state => !mayFollow(state, FAILED))).to.deep.equal([STOPPED, FAILED])
  })

  it('are refused, with names, where they may not follow', () => {
    expect(() => record().enter(RUNNING)).to.throw('the agent "echo" is unloaded and cannot be running').with.property('code', 'AGENT_BUSY')
    expect(STATES.map(stateName)).to.deep.equal(['unloaded', 'loaded', 'ready', 'running', 'draining', 'stopped', 'failed'])
  })

  it('keep the reason of the present state only', () => {
    const agent = record()
    agent.enter(FAILED, 'because')
    expect(agent.reason).to.equal('because')
    agent.enter(LOADED)
    expect(agent.reason).to.equal('')
  })
})
