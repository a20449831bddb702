/** Who hears all that is said to the caller in one conversation. */
export interface CallerListener {
  receive (frame: Uint8Array): void
  /** The server stops. */
  stop (): void
}
