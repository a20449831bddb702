/** Whom a wire tells what happens on it. */
export interface WireReceiver {
  /** The bytes belong to the receiver. */
  bytes (chunk: Uint8Array): void
  /** Once, after the last bytes, whichever side ended it; the reason is part of a sentence: `the connection was reset`. */
  ended (reason: string): void
}

/** A connection that carries bytes in order and without loss, whatever it is made of. */
export interface Wire {
  /** Where the other end is, for logs: `127.0.0.2:7947`. */
  readonly remote: string
  /** Says whom to tell; called once, at once, before anything else. */
  open (receiver: WireReceiver): void
  /**
   * Writes the parts one after another. They must not change until `written` is called, which does not happen if the wire
   * ends before. The next call comes after `written` only.
   */
  write (parts: readonly Uint8Array[], written: () => void): void
  /** Ends the wire once everything has gone out. */
  end (): void
  /** Ends the wire at once. */
  destroy (): void
}
