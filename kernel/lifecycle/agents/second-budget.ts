/** How often something may be done in each second. */
export class SecondBudget {
  #second = -1
  #left = 0

  constructor (private readonly perSecond: number) {}

  /** Whether it may be done once more now. `now`: milliseconds of a clock that never goes back. */
  take (now: number): boolean {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#left = this.perSecond
    }
    if (this.#left === 0) return false
    this.#left -= 1
    return true
  }
}
