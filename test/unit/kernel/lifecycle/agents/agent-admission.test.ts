import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { AgentAdmission } from '../../../../../kernel/lifecycle/agents/agent-admission.js'

describe('the admission of agents to a node', () => {
  it('holds every plan against what the operator grants at most, and names what is beyond', () => {
    const admission = new AgentAdmission({ permissions_max: ['send:shop-*', 'log'] })
    admission.admit({ permissions: ['send:shop-1', 'log'] })
    admission.admit({ permissions: [] })
    expect(() => { admission.admit({ permissions: ['log', 'send:*'] }) }).to.throw('grants no agent the permission "send:*"')
    expect(() => { admission.admit({ permissions: ['call'] }) }).to.throw('"call"')
  })

  it('tells code that was changed on its way by its hash', () => {
    const admission = new AgentAdmission({ permissions_max: [] })
    const plan = { name: 'echo', module: createHash('sha256').update('module').digest('hex') }
    admission.checkModule(plan, Buffer.from('module'))
    expect(() => { admission.checkModule(plan, Buffer.from('modulf')) }).to.throw('the code of the agent "echo"')
  })
})
