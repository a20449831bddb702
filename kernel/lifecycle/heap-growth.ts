const MIB = 2 ** 20

/** What lives in the main thread's heap: without agents, and for each. Measured. */
const ALONE = 28 * MIB
const AGENT = 2_048
/** Up to here it grows before it is collected, within the bounds below. */
const SIZE = 60 * MIB
/** Bounds of its growth, in percent of what lives in it. */
const LEAST = 25
const MOST = 100
const STEP = 5

/**
 * How far heaps grow beyond what lives in them before they are collected. V8 would take up to 300 percent: 100 MiB more
 * right after 10,000 agents were deployed, for 3 % less work in the API's thread (measured). With few agents heaps may
 * double, so that busy threads with little to keep are seldom collected; with many that would take more memory than it
 * saves work (decision 0024).
 */
export class HeapGrowth {
  #percent = 0

  /** `set` tells V8, for all threads of the process. */
  constructor (private readonly set: (percent: number) => void) {}

  /** There are so many agents now. The next heap that is collected grows accordingly. */
  agents (count: number): void {
    const live = ALONE + count * AGENT
    const wanted = Math.min(MOST, Math.max(LEAST, 100 * (SIZE - live) / live))
    const percent = Math.round(wanted / STEP) * STEP
    if (percent === this.#percent) return
    this.#percent = percent
    this.set(percent)
  }
}
