import type { ReceiptWord } from '../platform-answers.js'
import type { Undeliverable } from '../undeliverable.js'

/** How durable messages leave the main thread. None of these may block. */
export interface DurableWays {
  /** Brings a frame to its receiver's thread, as it is. */
  forward (frame: Uint8Array): Undeliverable | undefined
  /** Tells the sender of a frame, if it wants to know, that it is on disk, or was handled. */
  confirm (frame: Uint8Array, word: ReceiptWord): void
  /**
   * Tells the sender of a frame that it came before, and need not come again: a receipt if it wants one, and the end of the conversation
   * that it began in vain, if that is another than the `first` one.
   */
  duplicate (frame: Uint8Array, first: bigint): void
  /** Gives a frame up: a failure to its sender, a dead letter. */
  giveUp (frame: Uint8Array, reason: Undeliverable): void
}
