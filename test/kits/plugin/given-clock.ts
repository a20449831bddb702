import type { Clock, Timer } from '../../../kernel/contract/index.js'

/** Real time that knows which of its timers are still set. */
export class GivenClock implements Clock {
  readonly #set = new Set<Timer>()

  get pending (): number {
    return this.#set.size
  }

  end (): void {
    for (const timer of this.#set) timer.cancel()
  }

  now (): number {
    return Date.now()
  }

  elapsed (): number {
    return performance.now()
  }

  after (milliseconds: number, action: () => void): Timer {
    const fire = (): void => {
      this.#set.delete(timer)
      action()
    }
    const clear = begun(milliseconds, fire)
    const timer: Timer = {
      cancel: () => {
        this.#set.delete(timer)
        clear()
      },
    }
    this.#set.add(timer)
    return timer
  }
}

/** Sets a timer, and gives what clears it. */
function begun (milliseconds: number, fire: () => void): () => void {
  if (milliseconds <= 0) {
    const turn = setImmediate(fire)
    return () => { clearImmediate(turn) }
  }
  const timer = setTimeout(fire, Math.min(milliseconds, 2 ** 31 - 1))
  timer.unref()
  return () => { clearTimeout(timer) }
}
