import type { Clock } from '../contract/index.js'

/** How far the wall clock may go away before it is followed, in milliseconds. */
const TOLERANCE = 50

/**
 * Wall-clock time in fractions of milliseconds, for the beginnings and ends of spans: goes on evenly where the wall clock has
 * coarse steps, and follows it when it was set.
 */
export class SpanClock {
  private wall: number | undefined
  private elapsed = 0

  constructor (private readonly clock: Clock) {}

  /** Milliseconds since the Unix epoch. */
  now (): number {
    const elapsed = this.clock.elapsed()
    const wall = this.clock.now()
    const even = (this.wall ?? -Infinity) + elapsed - this.elapsed
    if (Math.abs(wall - even) <= TOLERANCE) return even
    this.wall = wall
    this.elapsed = elapsed
    return wall
  }
}
