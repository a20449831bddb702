const MIB = 2 ** 20

/** What a heap of moderate size may grow by. */
const ROOM = 20 * MIB
/** Bounds, in percent of what lives. */
const LEAST = 40
const MOST = 100
const STEP = 10

/**
 * How far heaps grow beyond what lives in them before they are collected. V8 would take up to 300 percent: 100 MiB more right after 10,000
 * agents were deployed, for 3 % less work in the API's thread (measured). A small heap may double, so that busy threads with little to keep
 * are seldom collected; what doubling a large one costs in memory is more than it saves in work (decision 0024).
 */
export class HeapGrowth {
  #percent = 0

  /** `set` tells V8, for all threads of the process; 0 leaves it to V8. */
  constructor (private readonly set: (percent: number) => void) {}

  start (): void {
    this.#choose(MOST)
  }

  /** The heap of the main thread, commonly the busiest, was collected, and so many bytes were left in it. */
  collected (bytes: number): void {
    const percent = Math.min(MOST, Math.max(LEAST, 100 * ROOM / bytes))
    this.#choose(Math.round(percent / STEP) * STEP)
  }

  stop (): void {
    this.#choose(0)
  }

  #choose (percent: number): void {
    if (percent === this.#percent) return
    this.#percent = percent
    this.set(percent)
  }
}
