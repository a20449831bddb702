/** How many seconds' worth may be taken at once by somebody who took nothing for a while. */
const BURST_SECONDS = 2

/** Bounds how often something happens over time: so many a second, and twice as many at once. Makes no garbage. */
export class TokenBucket {
  readonly #most: number
  #left: number
  #at: number

  /**
   * @param perSecond How many a second, more than 0.
   * @param now Milliseconds of a clock that never goes back.
   */
  constructor (private readonly perSecond: number, now: number) {
    this.#most = perSecond * BURST_SECONDS
    this.#left = this.#most
    this.#at = now
  }

  /** Takes one, if there is one. */
  take (now: number): boolean {
    if (now > this.#at) {
      this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.perSecond / 1000)
      this.#at = now
    }
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /** Takes so many more whether they are there or not; what is lacking has to come in before the next one. */
  charge (count: number): void {
    this.#left -= count
  }
}
