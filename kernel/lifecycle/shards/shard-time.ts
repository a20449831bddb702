/**
 * The wall clock as a shard's conversations see it: read once a round, and moved on whenever the shard looks at its monotonic clock in any
 * case. Reading a clock for each message would cost about as much as checking the message does.
 */
export class ShardTime {
  #offset = 0
  #now = 0

  /** Reads both clocks. */
  look (): void {
    const elapsed = performance.now()
    this.#offset = Date.now() - elapsed
    this.passed(elapsed)
  }

  /** The monotonic clock says this, in milliseconds. */
  passed (elapsed: number): void {
    this.#now = Math.floor(this.#offset + elapsed)
  }

  /** Wall clock in whole milliseconds. */
  readonly now = (): number => this.#now
}
