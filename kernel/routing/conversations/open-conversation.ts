/**
 * An open conversation of this thread. Once it is closed the object stands for another one, so that conversations make no garbage: keep its
 * {@link id}, not the object. It is no row of numbers in an array because it is written and read with every message: a field takes V8 one
 * machine instruction, an element of a typed array eleven.
 */
export class OpenConversation {
  /** Its id outside, as two signed 32-bit words. Those from before the start of this thread have another upper word than new ones. */
  low = 0
  high = 0
  /** The next one that {@link ConversationIds} keeps in the same place. */
  nextInPlace: OpenConversation | undefined

  /** Number of its protocol. */
  protocol = 0
  /** Of all its messages, as the first one had it: 0 to 3. */
  priority = 0
  /** Handle of the agent or caller that opened it. */
  initiator = 0
  /** The branch that was added last; the others follow from it. */
  latestBranch: ConversationBranch | undefined
  branchCount = 0
  /** Branches that are not over. */
  unfinished = 0

  /** Wall-clock times of its beginning and of the latest message. */
  opened = Infinity
  touched = Infinity
  /** The one that was silent for a little longer, and the one that was silent for a little less. */
  older: OpenConversation | undefined
  newer: OpenConversation | undefined

  /** It stands in the list of {@link ConversationChanges}. */
  isListed = false
  /** It changed, at this time first, and no report has mentioned it since. */
  isChanged = false
  changedAt = Infinity
  /** Some report said that it is open. */
  isReported = false

  /** @param number Of no other one in this thread. */
  constructor (readonly number: number) {}

  /** The whole id, where people and callers are concerned. */
  get id (): bigint {
    return wholeId(this.low, this.high)
  }

  /** Whether it has branches, all of which are over. */
  get isOver (): boolean {
    return this.unfinished === 0 && this.branchCount !== 0
  }
}

/** In place of a participant that is gone: nobody has this handle. */
export const NOBODY = -1

/** What one participant of a conversation does in it. Used again like {@link OpenConversation}. */
export class ConversationBranch {
  /** Handle, or {@link NOBODY}. */
  participant = NOBODY
  /** Number of its state in the conversation's protocol. */
  state = 0
  /** The one that was added to the conversation before it. */
  earlier: ConversationBranch | undefined

  /** @param number Of no other one in this thread. */
  constructor (readonly number: number, public conversation: OpenConversation) {}
}

/** An id of two words. */
export const wholeId = (low: number, high: number): bigint => BigInt(high >>> 0) << 32n | BigInt(low >>> 0)
