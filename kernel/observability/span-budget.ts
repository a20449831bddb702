const SECOND = 1_000

/** How many spans a thread records: so many at once, and so many in a second. None at all where it is none in a second. */
export interface SpanAllowance {
  readonly spans_per_second: number
  readonly spans_burst: number
}

/** Bounds how many spans a thread records: what comes of one trace has no bound of its own. */
export class SpanBudget {
  private left: number
  private latest: number
  /** Spans that were not recorded. */
  dropped = 0

  /** @param elapsed Milliseconds, maybe a moment old: it is asked for each message of a trace that is recorded. */
  constructor (private readonly allowance: SpanAllowance, private readonly elapsed: () => number) {
    this.left = allowance.spans_per_second === 0 ? 0 : allowance.spans_burst
    this.latest = elapsed()
  }

  /** Whether one more may be recorded; if not it is counted. */
  take (): boolean {
    const now = this.elapsed()
    if (now > this.latest) {
      const { spans_per_second: perSecond, spans_burst: burst } = this.allowance
      this.left = Math.min(burst, this.left + (now - this.latest) / SECOND * perSecond)
    }
    this.latest = now
    if (this.left >= 1) {
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
