import { FRAME_FLAGS, type AclMessage } from '../../contract/index.js'
import { RECEIPTS } from '../platform-answers.js'

/** What a caller wants to hear of its message; at least one of the two. */
export interface Wanted {
  readonly answers: boolean
  readonly receipt: boolean
  /** How many receivers the message has. */
  readonly receivers: () => number
}

/** Most answers that one call gathers, and most bytes of their contents: with one more it is over. */
const ANSWERS = 1_000
const ANSWER_BYTES = 16 * 1024 * 1024

/** What one caller waits for, and what of it has come. */
export class CallerWait {
  readonly answers: AclMessage[] = []
  #receipts = 0
  #failures = 0
  #bytes = 0

  /** @param ends Whether the answers that came, at least one, are all. */
  constructor (private readonly wanted: Wanted, private readonly ends: (answers: readonly AclMessage[]) => boolean) {}

  /** Takes what came in; `flags` of its frame. */
  take (message: AclMessage, flags: number): void {
    const fromPlatform = (flags & FRAME_FLAGS.platform) !== 0
    if (fromPlatform && (flags & FRAME_FLAGS.receipt) !== 0) {
      // That it was accepted is known from having kept it.
      if (message.performative === RECEIPTS.handled.act) this.#receipts += 1
      return
    }
    if (fromPlatform) this.#failures += 1
    this.answers.push(message)
    this.#bytes += message.content.length
  }

  /** Whether a receipt came from every receiver. */
  get handled (): boolean {
    return this.#receipts >= this.wanted.receivers()
  }

  /** After a failure of the platform no receipt will come. */
  get isOver (): boolean {
    const { answers, wanted } = this
    if (answers.length >= ANSWERS || this.#bytes >= ANSWER_BYTES) return true
    if (wanted.receipt && this.#receipts + this.#failures < wanted.receivers()) return false
    return !wanted.answers || (answers.length > 0 && this.ends(answers))
  }
}
