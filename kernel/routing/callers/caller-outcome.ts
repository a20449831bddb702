import type { AclMessage } from '../../contract/index.js'

/** What became of a message that a caller sent. */
export interface Sent {
  readonly messageId: string
  readonly conversationId: string
  readonly answers: readonly AclMessage[]
  /** Whether it is on disk for a receiver: then it is not lost. */
  readonly accepted: boolean
  /** For some receiver it was there before, under the same delivery key: it is not delivered again, and nobody answers it. */
  readonly duplicate: boolean
  /** With a receipt asked for: whether the receiver has handled the message without fault. */
  readonly handled: boolean
}

/** How long a caller waits, and what ends it early. */
export interface Patience {
  readonly milliseconds: number
  readonly signal: AbortSignal
  /** Only the receipt is waited for, not the answers. */
  readonly receiptOnly?: boolean
}
