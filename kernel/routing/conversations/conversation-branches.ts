import { DueHeap } from './due-heap.js'
import { ConversationBranch, NOBODY, type OpenConversation } from './open-conversation.js'
import { PairTable } from './pair-table.js'

/** Branches that a conversation has at most while they are found by looking at one after the other. */
const SEARCHED = 8

/** The branches of a thread's open conversations: one for each participant of each, with its state and its deadline. */
export class ConversationBranches {
  readonly #all: ConversationBranch[] = []
  readonly #free: ConversationBranch[] = []
  /** By conversation and participant, for those that are too many to look at. */
  readonly #index = new PairTable()
  readonly #deadlines = new DueHeap()

  /** How many there are in all conversations. */
  get size (): number {
    return this.#all.length - this.#free.length
  }

  /** The branch of a participant. */
  find (conversation: OpenConversation, participant: number): ConversationBranch | undefined {
    let branch = conversation.latestBranch
    if (branch === undefined || branch.participant === participant) return branch
    if (conversation.branchCount > SEARCHED) return this.#all[this.#index.get(conversation.number, participant)]
    while (branch !== undefined && branch.participant !== participant) branch = branch.earlier
    return branch
  }

  /** Adds the branch of a participant that has none. */
  add (conversation: OpenConversation, participant: number, state: number): ConversationBranch {
    const branch = this.#free.pop() ?? this.#another(conversation)
    branch.conversation = conversation
    branch.participant = participant
    branch.state = state
    branch.earlier = conversation.latestBranch
    conversation.latestBranch = branch
    conversation.branchCount += 1
    conversation.unfinished += 1
    if (conversation.branchCount > SEARCHED) this.#enter(branch, conversation.branchCount === SEARCHED + 1)
    return branch
  }

  /** Its participant is gone for good: whoever has the handle next is not taken for it. */
  vacate (branch: ConversationBranch): void {
    const { conversation, participant } = branch
    if (conversation.branchCount > SEARCHED) this.#index.delete(conversation.number, participant)
    branch.participant = NOBODY
  }

  /** Forgets all branches of a conversation that is closed. */
  clear (conversation: OpenConversation): void {
    for (let branch = conversation.latestBranch; branch !== undefined; branch = branch.earlier) {
      if (conversation.branchCount > SEARCHED) this.#index.delete(conversation.number, branch.participant)
      this.takeBackDue(branch)
      this.#free.push(branch)
    }
    conversation.latestBranch = undefined
    conversation.branchCount = 0
    conversation.unfinished = 0
  }

  /** Wall-clock time at which the branch's next message is due; Infinity none. */
  due (branch: ConversationBranch): number {
    return this.#deadlines.dueOf(branch.number)
  }

  setDue (branch: ConversationBranch, due: number): void {
    this.#deadlines.set(branch.number, due)
  }

  /** Nothing is due of the branch any more. */
  takeBackDue (branch: ConversationBranch): void {
    if (this.#deadlines.size > 0) this.#deadlines.remove(branch.number)
  }

  /** The branch whose deadline passes first. */
  get firstDue (): ConversationBranch | undefined {
    return this.#all[this.#deadlines.first]
  }

  /** When the first deadline passes, or Infinity. */
  get soonest (): number {
    return this.#deadlines.due
  }

  #another (conversation: OpenConversation): ConversationBranch {
    const branch = new ConversationBranch(this.#all.length, conversation)
    this.#all.push(branch)
    return branch
  }

  #enter (latest: ConversationBranch, withEarlier: boolean): void {
    for (let branch: ConversationBranch | undefined = latest; branch !== undefined; branch = withEarlier ? branch.earlier : undefined) {
      this.#index.add(branch.conversation.number, branch.participant, branch.number)
    }
  }
}
