const SECOND = 1_000

/** Bounds how many spans a thread records in a second: what comes of one trace has no bound of its own. */
export class SpanBudget {
  private second = -1
  private left = 0
  /** Spans that were not recorded. */
  dropped = 0

  /** @param elapsed Milliseconds, maybe a moment old: it is asked for each message of a trace that is recorded. */
  constructor (private readonly perSecond: number, private readonly elapsed: () => number) {}

  /** Whether one more may be recorded; if not it is counted. */
  take (): boolean {
    const second = Math.floor(this.elapsed() / SECOND)
    if (second !== this.second) {
      this.second = second
      this.left = this.perSecond
    }
    if (this.left > 0) {
      this.left -= 1
      return true
    }
    this.dropped += 1
    return false
  }

  /** The latest that was taken is not used. */
  giveBack (): void {
    this.left += 1
  }
}
