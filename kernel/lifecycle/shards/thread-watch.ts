import { closeSync, openSync, readSync } from 'node:fs'

const SCHEDSTAT = '/proc/thread-self/schedstat'
/** Time that a runnable thread may have waited for a core within a slice that still counts as clean, in nanoseconds. */
const TOLERATED = 20_000
/** Length of a slice, in milliseconds. */
const SLICE = 10

/**
 * Tells for each slice of 10 ms whether the machine kept this thread waiting for a core (Linux: run delay in
 * schedstat), so that latencies caused by a busy machine can be told from our own. Where the system does not say, no
 * slice is clean.
 */
export class ThreadWatch {
  readonly #buffer = Buffer.alloc(128)
  #file: number | undefined
  #delay = 0
  #next = 0

  /** Called in the thread that is watched. */
  open (): void {
    try {
      this.#file = openSync(SCHEDSTAT, 'r')
      this.#delay = this.#read()
    } catch {
      this.#file = undefined
    }
  }

  /** `undefined` while the slice goes on; when it is over, whether it was clean. `now`: monotonic milliseconds. */
  sliceEnded (now: number): boolean | undefined {
    if (now < this.#next) return undefined
    this.#next = now + SLICE
    if (this.#file === undefined) return false
    const before = this.#delay
    this.#delay = this.#read()
    return this.#delay - before <= TOLERATED
  }

  close (): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #read (): number {
    const length = readSync(this.#file ?? -1, this.#buffer, 0, this.#buffer.length, 0)
    return Number(this.#buffer.toString('latin1', 0, length).split(' ')[1])
  }
}
