import { wholeId } from './open-conversation.js'

/** What is remembered of a conversation that has ended. The object is used again for a later one. */
export class EndedConversation {
  /** Its place among all that ended in this thread, from 0. */
  serial = 0
  low = 0
  high = 0
  /** Number of its protocol. */
  protocol = 0
  priority = 0
  /** Handle of whoever opened it. */
  initiator = 0
  /** Position in `CONVERSATION_ENDS`. */
  end = 0
  /** Wall-clock times. */
  opened = Infinity
  ended = Infinity
  /** How many branches it had. */
  branchCount = 0
  /** Participant and state of the branch that was added last, if there was one. */
  participant = 0
  state = 0
  /** The same of earlier ones, the later first, by turns; of many, not all. */
  readonly others: number[] = []

  get id (): bigint {
    return wholeId(this.low, this.high)
  }
}
