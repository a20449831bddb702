/** What happens to a message, or in place of one, that takes time. */
export type MessageSpanKind =
  /** An agent, a caller or the platform sends it. */
  | 'send'
  /** An agent handles it. */
  | 'process'
  /** A caller gets it. */
  | 'receive'
  /** An agent's timer fires; there is no message. */
  | 'timer'

/** A span around a message as the thread notes it where it happens; it is described in the main thread, which knows names. */
export interface MessageSpan {
  readonly kind: MessageSpanKind
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first of a trace. */
  readonly parentSpanId: string
  /** From `passedAt`. */
  readonly startedAt: number
  readonly endedAt: number
  /** A frame with the header and the fields of the message, and without its content unless the platform speaks. None for a timer. */
  readonly head: Uint8Array | undefined
  /** Bytes of its content. */
  readonly size: number
  /** Of a timer: the agent's handle. */
  readonly agent: number
  /** Milliseconds in the mailbox. */
  readonly waited: number
  /** Why it could not be handled; empty when it was. */
  readonly failure: string
}
