import type { Clock, Timer } from '../contract/index.js'

/** The longest wait that `setTimeout` keeps; anything above it fires at once. */
const LONGEST = 2 ** 31 - 1

/** Real time. */
export class SystemClock implements Clock {
  now (): number {
    return Date.now()
  }

  elapsed (): number {
    return performance.now()
  }

  after (milliseconds: number, action: () => void): Timer {
    if (milliseconds <= 0) return nextTurn(action)
    return milliseconds > LONGEST ? this.afterLong(milliseconds, action) : timerOf(milliseconds, action)
  }

  private afterLong (milliseconds: number, action: () => void): Timer {
    let current = timerOf(LONGEST, () => { current = this.after(milliseconds - LONGEST, action) })
    return { cancel: () => { current.cancel() } }
  }
}

function timerOf (milliseconds: number, action: () => void): Timer {
  const timer = setTimeout(action, milliseconds)
  timer.unref()
  return { cancel: () => { clearTimeout(timer) } }
}

/**
 * `setTimeout` waits a millisecond at least, which is longer than many a disk takes for a commit. Not `unref`ed: the
 * event loop would sleep over it.
 */
function nextTurn (action: () => void): Timer {
  const turn = setImmediate(action)
  return { cancel: () => { clearImmediate(turn) } }
}
