/** When a node that can't be reached is tried again. */
export interface BreakerRules {
  /** Failures in a row after which nothing is tried for a while. */
  readonly failures: number
  /** For how long, in milliseconds; then one attempt decides. */
  readonly open: number
  /** Wait after the first failure, in milliseconds; doubles with each. */
  readonly delay: number
}

/** Keeps a node from being dialled again and again while it does not answer. Time is that of `Clock.elapsed`. */
export class CircuitBreaker {
  #failures = 0
  #until = 0

  constructor (private readonly rules: BreakerRules) {}

  /** Whether nothing is tried any more for a while. */
  isBroken (now: number): boolean {
    return this.#failures >= this.rules.failures && now < this.#until
  }

  /** Milliseconds until the next attempt; 0: at once. */
  wait (now: number): number {
    return Math.max(0, this.#until - now)
  }

  /** `jitter`: 0 to 1. */
  failed (now: number, jitter: number): void {
    this.#failures += 1
    const { failures, open, delay } = this.rules
    const pause = this.#failures >= failures ? open : Math.min(open, delay * 2 ** (this.#failures - 1))
    this.#until = now + pause * (0.75 + jitter / 2)
  }

  worked (): void {
    this.#failures = 0
    this.#until = 0
  }
}
