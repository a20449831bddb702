/** Which new traces are recorded. */
export interface SamplingRules {
  /** Of each second's new traces, these are recorded in any case: whoever looks at a quiet server sees everything. */
  readonly first: number
  /** Of those beyond, this share: 0 none, 1 all. */
  readonly rate: number
}

const SECOND = 1_000

/** Decides at the beginning of a trace whether it is recorded. */
export class TraceSampler {
  private second = -1
  private left = 0

  /** @param elapsed Milliseconds that never go back. */
  constructor (private readonly rules: SamplingRules, private readonly elapsed: () => number) {}

  /** @param fraction A random number in [0, 1). */
  decide (fraction: number): boolean {
    const { first, rate } = this.rules
    if (first > 0) {
      const second = Math.floor(this.elapsed() / SECOND)
      if (second !== this.second) {
        this.second = second
        this.left = first
      }
      if (this.left > 0) {
        this.left -= 1
        return true
      }
    }
    return fraction < rate
  }
}
