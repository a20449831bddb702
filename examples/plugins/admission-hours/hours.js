const HOUR = 3_600_000

/** Lets changes through from one hour of the day to another, in UTC. */
export class Hours {
  constructor (clock, from, to) {
    this.clock = clock
    this.from = from
    this.to = to
  }

  admit (_origin, operation) {
    if (!operation.changes) return { admitted: true }
    const now = this.clock.now()
    const wait = this.#untilOpen(now)
    if (wait === 0) return { admitted: true }
    return { admitted: false, retryAfter: wait, because: `changes are made from ${this.from} to ${this.to} o'clock UTC only` }
  }

  /** Milliseconds; 0 within the hours. */
  #untilOpen (now) {
    const ofDay = now % (24 * HOUR)
    if (ofDay >= this.from * HOUR && ofDay < this.to * HOUR) return 0
    const wait = this.from * HOUR - ofDay
    return wait > 0 ? wait : wait + 24 * HOUR
  }
}
