import type { Clock } from '../../kernel/contract/index.js'

/** Real time, for integration tests. */
export const wallClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds).unref()
    return { cancel: () => { clearTimeout(timer) } }
  },
}
