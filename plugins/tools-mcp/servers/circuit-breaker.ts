/** How many failures in a row open it, and for how long, in milliseconds. */
export interface BreakerRules {
  readonly failures: number
  readonly open: number
}

/**
 * Spares a server that failed too often in a row: nothing goes to it for a while, then one call, and with its success all of them. Times
 * are those of a clock that never goes back.
 */
export class CircuitBreaker {
  private inARow = 0
  private openUntil = 0
  private isTrying = false

  constructor (private readonly rules: BreakerRules) {}

  /** Whether calls go through, or may be tried. */
  isOpen (now: number): boolean {
    return now < this.openUntil || (this.inARow >= this.rules.failures && this.isTrying)
  }

  /** A call wants to go through. False: not now. Whoever is let through says later how it went. */
  enter (now: number): boolean {
    if (this.isOpen(now)) return false
    if (this.inARow >= this.rules.failures) this.isTrying = true
    return true
  }

  succeeded (): void {
    this.inARow = 0
    this.openUntil = 0
    this.isTrying = false
  }

  failed (now: number): void {
    this.inARow += 1
    this.isTrying = false
    if (this.inARow >= this.rules.failures) this.openUntil = now + this.rules.open
  }

  /** It was not found out how it went: somebody else may try. */
  abandoned (): void {
    this.isTrying = false
  }
}
