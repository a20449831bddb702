import type { Clock, Timer } from '../../../kernel/contract/index.js'

/** How long a call may take, in milliseconds. */
export interface CallTimes {
  /** Without a sign of progress. */
  readonly idle: number
  readonly total: number
}

/** Ends a call that takes too long. Whoever makes one closes it. */
export class CallLimit {
  /** Whether the time is over. */
  isOver = false
  private readonly abort = new AbortController()
  private readonly last: Timer
  private next: Timer

  constructor (private readonly clock: Clock, private readonly times: CallTimes) {
    this.last = clock.after(times.total, () => { this.end() })
    this.next = this.await()
  }

  get signal (): AbortSignal {
    return this.abort.signal
  }

  /** There was a sign of progress. */
  moved (): void {
    if (this.isOver) return
    this.next.cancel()
    this.next = this.await()
  }

  close (): void {
    this.last.cancel()
    this.next.cancel()
  }

  private await (): Timer {
    return this.clock.after(this.times.idle, () => { this.end() })
  }

  private end (): void {
    this.isOver = true
    this.close()
    this.abort.abort()
  }
}
