import type { Clock, Timer } from '../../kernel/contract/index.js'

/** Time that stands still until a test turns it. */
export class HandClock implements Clock {
  readonly #due: Array<{ readonly at: number, readonly action: () => void }> = []
  #elapsed = 0

  constructor (private readonly begin = Date.UTC(2026, 0, 1)) {}

  now (): number {
    return this.begin + this.#elapsed
  }

  elapsed (): number {
    return this.#elapsed
  }

  after (milliseconds: number, action: () => void): Timer {
    const timer = { at: this.#elapsed + milliseconds, action }
    this.#due.push(timer)
    return {
      cancel: () => {
        const index = this.#due.indexOf(timer)
        if (index >= 0) this.#due.splice(index, 1)
      },
    }
  }

  /** Timers that are set and have not fired. */
  get pending (): number {
    return this.#due.length
  }

  /** Moves time on, firing in order what falls due; promises settle between two timers. */
  async turn (milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds
    for (;;) {
      await settled()
      const next = this.#due.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.#due.splice(this.#due.indexOf(next), 1)
      this.#elapsed = Math.max(this.#elapsed, next.at)
      next.action()
    }
    this.#elapsed = end
  }
}

/** Lets every promise that can settle do so. */
export const settled = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })
