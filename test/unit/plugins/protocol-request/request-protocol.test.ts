import { expect } from 'chai'
import { ACTS, type Act, type Role } from '../../../../kernel/contract/index.js'
import { REQUEST_PROTOCOL, RequestProtocol } from '../../../../plugins/protocol-request/request-protocol.js'

/**
 * What SC00026H allows, stated anew and independently of the table: which act leads where, by state and role. What is
 * not here is out of sequence.
 */
const LEGAL: Readonly<Record<string, Partial<Record<Role, Partial<Record<Act, string>>>>>> = {
  start: {
    initiator: { request: 'requested' },
  },
  requested: {
    initiator: { 'cancel': 'cancelling', 'not-understood': 'not-understood' },
    participant: { 'agree': 'agreed', 'refuse': 'refused', 'failure': 'failed', 'inform': 'done', 'not-understood': 'not-understood' },
  },
  agreed: {
    initiator: { 'cancel': 'cancelling', 'not-understood': 'not-understood' },
    participant: { 'failure': 'failed', 'inform': 'done', 'not-understood': 'not-understood' },
  },
  cancelling: {
    initiator: { 'not-understood': 'not-understood' },
    participant: {
      'agree': 'cancelling', 'refuse': 'refused', 'inform': 'cancelled', 'failure': 'failed', 'not-understood': 'not-understood',
    },
  },
  refused: {}, done: {}, failed: {}, cancelled: {}, 'not-understood': {}, 'timed-out': {},
}
const FINAL = ['refused', 'done', 'failed', 'cancelled', 'not-understood', 'timed-out']
const ROLES: readonly Role[] = ['initiator', 'participant']

const leadsTo = (state: string, role: Role, act: Act): string[] =>
  REQUEST_PROTOCOL.steps.filter(step => step.state === state && step.role === role && step.acts.includes(act)).map(step => step.to)

describe('The table of fipa-request', () => {
  for (const [state, roles] of Object.entries(LEGAL)) {
    for (const role of ROLES) {
      it(`in "${state}" lets the ${role} utter exactly ${Object.keys(roles[role] ?? {}).join(', ') || 'nothing'}`, () => {
        for (const act of ACTS) {
          const to = roles[role]?.[act]
          expect(leadsTo(state, role, act), act).to.deep.equal(to === undefined ? [] : [to])
        }
      })
    }
  }

  it('knows no other states', () => {
    const mentioned = new Set([...REQUEST_PROTOCOL.steps.flatMap(step => [step.state, step.to]), ...REQUEST_PROTOCOL.final])
    for (const { state, to } of REQUEST_PROTOCOL.deadlines) mentioned.add(state).add(to)
    expect([...mentioned].toSorted()).to.deep.equal(Object.keys(LEGAL).toSorted())
  })

  it('is over in exactly the states where nobody may speak', () => {
    expect([...REQUEST_PROTOCOL.final].toSorted()).to.deep.equal(FINAL.toSorted())
    for (const state of FINAL) expect(LEGAL[state]).to.deep.equal({})
  })

  it('gives the initiator a failure when reply-by passes while the conversation is open', () => {
    expect(REQUEST_PROTOCOL.deadlines).to.have.deep.members(
      ['requested', 'agreed', 'cancelling'].map(state => ({ state, to: 'timed-out', tells: 'failure' })))
  })

  it('has a way to an end from every state', () => {
    for (const state of Object.keys(LEGAL).filter(each => !FINAL.includes(each) && each !== 'start')) {
      expect(REQUEST_PROTOCOL.steps.some(step => step.state === state && FINAL.includes(step.to)), state).to.equal(true)
    }
  })

  it('is plain data that can cross threads, with the name that messages carry', () => {
    expect(structuredClone(new RequestProtocol().table)).to.deep.equal(REQUEST_PROTOCOL)
    expect([REQUEST_PROTOCOL.name, REQUEST_PROTOCOL.specification]).to.deep.equal(['fipa-request', 'FIPA SC00026H'])
  })
})
