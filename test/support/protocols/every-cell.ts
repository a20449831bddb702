import { expect } from 'chai'
import { ACTS, actCode, OVER, type Protocol, type Speaker } from '../../../kernel/contract/index.js'
import { ProtocolTable } from '../../../kernel/routing/conversations/protocol-tables.js'
import { legalActs, type ExpectedProtocol } from './expected.js'

const SPEAKERS: readonly Speaker[] = ['initiator', 'participant', 'platform']

/** Tests of every state × speaker × act of a protocol, and of its deadlines, against what its specification says. */
export function everyCell (protocol: Protocol, expected: ExpectedProtocol): void {
  describe(`The table of ${protocol.name}`, () => {
    const table = new ProtocolTable(protocol)
    const states = [...Object.keys(expected.legal), ...expected.final]
    const numbers = new Map(Array.from({ length: 255 }, (_, number) => [table.stateName(number), number]))
    const numberOf = (state: string): number => numbers.get(state) ?? -1

    it('has the states of its specification, and no others', () => {
      const led = [...protocol.steps, ...protocol.deadlines].flatMap(({ state, to }) => [state, to])
      expect([...new Set([protocol.initial, ...protocol.final, ...led])]).to.have.members(states)
      expect(protocol.final).to.have.members(expected.final)
      expect([protocol.name, protocol.specification, protocol.initial]).to.deep.equal([expected.name, expected.specification, 'start'])
    })

    for (const state of states) {
      for (const [role, speaker] of SPEAKERS.entries()) {
        const legal = legalActs(expected, state, speaker)
        it(`in "${state}" lets the ${speaker} say exactly: ${legal.join(', ') || 'nothing'}`, () => {
          for (const act of ACTS) cell(state, role, speaker, act)
        })
      }
    }

    it('does at each deadline what the specification says', () => {
      const compiled = states.flatMap(state => {
        const deadline = table.deadline(numberOf(state))
        if (deadline === undefined) return []
        return [[state, table.stateName(deadline.to), deadline.tellsParticipant ? 'participant' : 'initiator', ACTS[deadline.tells - 1]]]
      })
      expect(compiled).to.have.deep.members([...expected.deadlines])
    })

    it('answers what comes after the end', () => {
      for (const act of ACTS) {
        const verdict = table.refusalWhenOver(actCode(act))
        expect(verdict === undefined || !('answer' in verdict) ? undefined : [verdict.answer.says, verdict.answer.code], act)
          .to.deep.equal(lateOf(OVER, 'participant', act))
      }
    })

    const lateOf = (state: string, role: Speaker, act: string): unknown[] | undefined =>
      expected.late?.find(late => late[0] === state && late[1] === role && late[2] === act)?.slice(3)

    function cell (state: string, role: number, speaker: Speaker, act: typeof ACTS[number]): void {
      const to = expected.legal[state]?.[speaker]?.[act]
      const next = table.next(numberOf(state), role, actCode(act))
      expect(next < 0 ? undefined : table.stateName(next), act).to.equal(to)
      if (to !== undefined) return
      const refusal = table.refusal(numberOf(state), role, actCode(act))
      const late = lateOf(state, speaker, act)
      if ('answer' in refusal) expect([refusal.answer.says, refusal.answer.code], act).to.deep.equal(late)
      else expect([refusal.state, refusal.acts, late], act).to.deep.equal([state, legalActs(expected, state, speaker), undefined])
    }
  })
}

