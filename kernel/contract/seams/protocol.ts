import type { Act } from '../acts.js'
import { tokenMany } from '../token.js'

/** Who acts: the agent (or caller) that opened the conversation, or a participant in it. */
export type Role = 'initiator' | 'participant'

/**
 * Whose message moves a branch. `platform`: the failure by which Caxton reports, in the participant's name, that a
 * message could not be delivered or handled; a participant that says `failure` itself is `participant`.
 */
export type Speaker = Role | 'platform'

/** One legal step: in `state`, `role` may utter one of `acts`; the branch is then in `to`. */
export interface Step {
  readonly state: string
  readonly role: Speaker
  readonly acts: readonly Act[]
  readonly to: string
}

/** What happens when the `reply-by` of the message that led into a state passes without an answer. */
export interface Deadline {
  readonly state: string
  readonly to: string
  /** The act that stands for the missing answer; its content says that the deadline passed (`DEADLINE_PASSED`). */
  readonly tells: Act
  /** Who is told, in the name of the other. Left out: the initiator. */
  readonly whom?: Role
}

/**
 * An act that came too late: it is not delivered and changes nothing, it is kept as a dead letter, and the platform
 * answers its speaker in the receiver's name. All other acts that are out of turn are answered with `not-understood`.
 */
export interface LateAnswer {
  /** A state of the branch, or {@link OVER}. */
  readonly state: string
  readonly role: Role
  readonly acts: readonly Act[]
  readonly says: Act
  /** Both go into the content of the answer, which is JSON: a stable code, and a plain sentence. */
  readonly code: string
  readonly reason: string
}

/** In place of a state: the whole conversation is over and forgotten. Only a {@link LateAnswer} may name it. */
export const OVER = 'over'

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
  readonly lateAnswers?: readonly LateAnswer[]
}

export const Protocols = tokenMany<Protocol>('caxton/protocol@1')
