import type { Act } from '../acts.js'
import { tokenMany } from '../token.js'

/** Who acts: the agent (or caller) that opened the conversation, or a participant in it. */
export type Role = 'initiator' | 'participant'

/** One legal step: in `state`, `role` may utter one of `acts`; the branch is then in `to`. */
export interface Step {
  readonly state: string
  readonly role: Role
  readonly acts: readonly Act[]
  readonly to: string
}

/** What happens when the `reply-by` of the message that led into a state passes without an answer. */
export interface Deadline {
  readonly state: string
  readonly to: string
  /** The act that the initiator gets in place of the missing answer; its content says that the deadline passed. */
  readonly tells: Act
}

/**
 * A FIPA interaction protocol as a table: one state per participant's branch of a conversation. Pushed to the shards,
 * which check each message once, at the initiator's home. Pure data, so that it can cross threads.
 */
export interface Protocol {
  /** The value of the message's `protocol` parameter: `fipa-request`. */
  readonly name: string
  /** The specification it follows: `FIPA SC00026H`. */
  readonly specification: string
  readonly initial: string
  /** Branches in one of these are over; a conversation ends when all of its branches are. */
  readonly final: readonly string[]
  readonly steps: readonly Step[]
  readonly deadlines: readonly Deadline[]
}

export const Protocols = tokenMany<Protocol>('caxton/protocol@1')
