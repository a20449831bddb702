import type { Clock, Timer } from '../../kernel/contract/index.js'

const SECOND = 1_000
/** Different results that are told apart. */
const MOST_RESULTS = 16

/** Lets only so many refusals through in a second, and tells afterwards how many there were beyond. */
export class RefusalBound {
  #passed = 0
  #from = -Infinity
  #beyond = new Map<string, number>()
  #timer: Timer | undefined

  /** `tell`: is given the number beyond by result, at the end of a second. */
  constructor (
    private readonly clock: Clock, private readonly perSecond: number, private readonly tell: (beyond: ReadonlyMap<string, number>) => void,
  ) {}

  /** Whether this one is to be recorded. */
  passes (result: string): boolean {
    const now = this.clock.elapsed()
    if (now - this.#from >= SECOND) {
      this.#from = now
      this.#passed = 0
    }
    this.#passed += 1
    if (this.#passed <= this.perSecond) return true
    const name = this.#beyond.has(result) || this.#beyond.size < MOST_RESULTS ? result : 'others'
    this.#beyond.set(name, (this.#beyond.get(name) ?? 0) + 1)
    this.#timer ??= this.clock.after(SECOND, () => { this.flush() })
    return false
  }

  /** Tells at once. */
  flush (): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const beyond = this.#beyond
    this.#beyond = new Map()
    if (beyond.size > 0) this.tell(beyond)
  }
}
