import { expect } from 'chai'
import { actCode, type Protocol } from '../../../../../kernel/contract/index.js'
import { ProtocolTable } from '../../../../../kernel/routing/conversations/protocol-tables.js'
import { REQUEST } from '../../../../support/request-protocol.js'

describe('a protocol table', () => {
  const table = new ProtocolTable(REQUEST)

  it('agrees with the protocol on every state, role and act', () => {
    const states = ['start', 'requested', 'agreed', 'refused', 'failed', 'done']
    const numbers = states.map(name => [...Array(10).keys()].find(number => table.stateName(number) === name) ?? -1)
    for (const [index, state] of states.entries()) {
      for (const [role, roleName] of ['initiator', 'participant'].entries()) {
        const legal = REQUEST.steps.filter(step => step.state === state && step.role === roleName)
        expect(table.legal(numbers[index] ?? -1, role)).to.have.members(legal.flatMap(step => step.acts))
        for (const step of legal) {
          for (const act of step.acts) expect(table.stateName(table.next(numbers[index] ?? -1, role, actCode(act)))).to.equal(step.to)
        }
      }
    }
  })

  it('knows which states are final and what a deadline leads to', () => {
    const requested = table.next(table.initial, 0, actCode('request'))
    const deadline = table.deadline(requested)
    expect(table.isFinal(requested)).to.equal(false)
    expect([table.stateName(deadline?.to ?? -1), deadline?.tells]).to.deep.equal(['failed', actCode('failure')])
    expect(table.isFinal(deadline?.to ?? -1)).to.equal(true)
    expect(table.deadline(table.initial)).to.equal(undefined)
  })

  it('knows states that only a deadline leads to', () => {
    const protocol: Protocol = {
      name: 'p', specification: 's', initial: 'a', final: ['z'],
      steps: [{ state: 'a', role: 'initiator', acts: ['cfp'], to: 'b' }], deadlines: [{ state: 'b', to: 'late', tells: 'failure' }],
    }
    const late = new ProtocolTable(protocol)
    expect(late.stateName(late.deadline(late.next(late.initial, 0, actCode('cfp')))?.to ?? -1)).to.equal('late')
  })

  it('refuses a protocol with more states than it can number', () => {
    const steps = Array.from({ length: 255 }, (_, index) => ({
      state: `s${index}`, role: 'initiator' as const, acts: ['inform' as const], to: `s${index + 1}`,
    }))
    expect(() => new ProtocolTable({ name: 'p', specification: 's', initial: 's0', final: [], steps, deadlines: [] })).to.throw(RangeError)
  })
})
