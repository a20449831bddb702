import type { Clock } from '../contract/clock.js'

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after (milliseconds, action) {
    const timer = setTimeout(action, milliseconds)
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
}
