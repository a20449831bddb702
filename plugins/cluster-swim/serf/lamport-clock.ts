/** Serf's logical time: later than everything that was heard (Serf, lamport.go). */
export class LamportClock {
  #time = 1

  get time (): number {
    return this.#time
  }

  /** The time of something new. */
  next (): number {
    const time = this.#time
    this.#time += 1
    return time
  }

  witness (time: number): void {
    if (time >= this.#time) this.#time = Math.min(time + 1, Number.MAX_SAFE_INTEGER - 1)
  }
}
