import type { Clock, Timer } from '../../../kernel/contract/index.js'

const BEAT = 50
/** How long it is remembered that the loop was late. */
const KEPT = 5000

/**
 * Notices when this process itself stood still: what seemed silence of others was its own. Nobody is accused because of a wait
 * during which the event loop was late.
 */
export class LoopLag {
  #beat = 0
  #timer: Timer | undefined
  #late: number[] = []

  constructor (private readonly clock: Clock, private readonly limit: number) {}

  start (): void {
    this.#beat = this.clock.elapsed()
    this.#again()
  }

  stop (): void {
    this.#timer?.cancel()
  }

  /** Whether the loop stood still for longer than the limit at some time since then, or does until now. */
  wasLateSince (elapsed: number): boolean {
    this.#look()
    return this.#late.some(at => at >= elapsed)
  }

  #look (): void {
    const now = this.clock.elapsed()
    if (now - this.#beat - BEAT < this.limit) return
    this.#late = this.#late.filter(at => now - at < KEPT)
    this.#late.push(now)
    this.#beat = now
  }

  #again (): void {
    this.#timer = this.clock.after(BEAT, () => {
      this.#look()
      this.#beat = this.clock.elapsed()
      this.#again()
    })
  }
}
