import { DueHeap } from './due-heap.js'
import { NumberRows } from './number-rows.js'
import { PairTable } from './pair-table.js'

const CONVERSATION = 0
const PARTICIPANT = 1
const STATE = 2
const NEXT = 3
const COLUMNS = 4

/** In place of a participant that is gone: nobody has this handle. */
export const NOBODY = -1

/** Branches that a conversation has at most while they are found by looking at one after the other. */
const SEARCHED = 8

/**
 * The branches of a thread's conversations: one for each participant of each, with its state and its deadline. A branch
 * is a small integer, good until its conversation is closed.
 */
export class ConversationBranches {
  readonly #rows = new NumberRows(COLUMNS)
  /** By conversation and participant, for those that are too many to look at. */
  readonly #index = new PairTable()
  readonly #deadlines = new DueHeap()

  /** How many there are in all conversations. */
  get size (): number {
    return this.#rows.used
  }

  conversation (branch: number): number {
    return this.#rows.get(branch, CONVERSATION)
  }

  participant (branch: number): number {
    return this.#rows.get(branch, PARTICIPANT)
  }

  state (branch: number): number {
    return this.#rows.get(branch, STATE)
  }

  setState (branch: number, state: number): void {
    this.#rows.set(branch, STATE, state)
  }

  /** The branch that was added to the conversation before this one, or -1. */
  next (branch: number): number {
    return this.#rows.get(branch, NEXT)
  }

  /** @param latest The conversation's branch that was added last, -1 none. @param count How many it has. */
  find (conversation: number, latest: number, count: number, participant: number): number {
    const { words } = this.#rows
    let branch = latest
    if (branch < 0 || words[branch * COLUMNS + PARTICIPANT] === participant) return branch
    if (count > SEARCHED) return this.#index.get(conversation, participant)
    while (branch >= 0 && words[branch * COLUMNS + PARTICIPANT] !== participant) branch = words[branch * COLUMNS + NEXT] ?? -1
    return branch
  }

  /** Adds the branch of a participant that has none; the parameters are those of {@link find}. */
  add (conversation: number, latest: number, count: number, participant: number, state: number): number {
    const branch = this.#rows.take()
    const { words } = this.#rows
    const at = branch * COLUMNS
    words[at + CONVERSATION] = conversation
    words[at + PARTICIPANT] = participant
    words[at + STATE] = state
    words[at + NEXT] = latest
    if (count >= SEARCHED) this.#enter(branch, count === SEARCHED)
    return branch
  }

  /** Its participant is gone for good: whoever has the handle next is not taken for it. `count`: how many its conversation has. */
  vacate (branch: number, count: number): void {
    if (count > SEARCHED) this.#index.delete(this.conversation(branch), this.participant(branch))
    this.#rows.set(branch, PARTICIPANT, NOBODY)
  }

  /** Forgets all branches of a conversation that is closed. */
  clear (latest: number, count: number): void {
    for (let branch = latest; branch >= 0;) {
      const next = this.next(branch)
      if (count > SEARCHED) this.#index.delete(this.conversation(branch), this.participant(branch))
      this.takeBackDue(branch)
      this.#rows.giveBack(branch)
      branch = next
    }
  }

  /** Wall-clock time at which the branch's next message is due; Infinity none. */
  due (branch: number): number {
    return this.#deadlines.dueOf(branch)
  }

  setDue (branch: number, due: number): void {
    this.#deadlines.set(branch, due)
  }

  /** Nothing is due of the branch any more. */
  takeBackDue (branch: number): void {
    if (this.#deadlines.size > 0) this.#deadlines.remove(branch)
  }

  /** The branch whose deadline passes first, or -1. */
  get firstDue (): number {
    return this.#deadlines.first
  }

  /** When the first deadline passes, or Infinity. */
  get soonest (): number {
    return this.#deadlines.due
  }

  #enter (branch: number, withEarlier: boolean): void {
    for (let each = branch; each >= 0; each = withEarlier ? this.next(each) : -1) {
      this.#index.add(this.conversation(each), this.participant(each), each)
    }
  }
}
