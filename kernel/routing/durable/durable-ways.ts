import type { ReceiptWord } from '../platform-answers.js'
import type { Undeliverable } from '../undeliverable.js'

/** How durable messages leave the main thread. None of these may block. */
export interface DurableWays {
  /** Brings a frame to its receiver's thread, as it is. */
  forward (frame: Uint8Array): Undeliverable | undefined
  /** Tells the sender of a frame, if it wants to know, that it is on disk, or was handled. */
  confirm (frame: Uint8Array, word: ReceiptWord): void
  /** Gives a frame up: a failure to its sender, a dead letter. */
  giveUp (frame: Uint8Array, reason: Undeliverable): void
}
