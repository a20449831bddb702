import { ACTS, type Act, type Role, type Speaker } from '../../../kernel/contract/index.js'

/** Which act leads where, by state and speaker. What is not here is out of turn. */
export type Legal = Readonly<Record<string, Readonly<Partial<Record<Speaker, Readonly<Partial<Record<Act, string>>>>>>>>

/** What a specification says, stated independently of the table that is held against it. */
export interface ExpectedProtocol {
  readonly name: string
  readonly specification: string
  readonly legal: Legal
  readonly final: readonly string[]
  /** State, where its deadline leads, who is told what. */
  readonly deadlines: ReadonlyArray<readonly [state: string, to: string, whom: Role, tells: Act]>
  /** Acts that come too late, and what is said to them. */
  readonly late?: ReadonlyArray<readonly [state: string, role: Role, act: Act, says: Act, code: string]>
}

/** What holds in an open state beside the protocol's own. */
export const OPEN = {
  initiator: { 'cancel': 'cancelling', 'not-understood': 'not-understood' },
  participant: { 'not-understood': 'not-understood' },
  platform: { failure: 'failed' },
} as const

/** What holds when the initiator has cancelled; `crossing`: the protocol's own. */
export const cancelling = (crossing: Readonly<Partial<Record<Act, string>>>): Legal[string] => ({
  initiator: { 'not-understood': 'not-understood' },
  participant: { ...crossing, 'inform': 'cancelled', 'failure': 'failed', 'not-understood': 'not-understood' },
  platform: { failure: 'failed' },
})

/** The acts that are legal for a role in a state, in the order of the acts. */
export const legalActs = ({ legal }: ExpectedProtocol, state: string, role: Speaker): Act[] =>
  ACTS.filter(act => legal[state]?.[role]?.[act] !== undefined)
