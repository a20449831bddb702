import type { Clock, Histogram, Metrics, Timer } from '../../contract/index.js'

/** How often it is measured, in milliseconds: seldom enough to cost nothing, often enough that no second passes unseen. */
const EVERY = 100
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** How late the main thread comes to what is due: everything that it serves waits so long. */
export class LoopLag {
  private readonly late: Histogram
  private timer: Timer | undefined

  constructor (metrics: Metrics, private readonly clock: Clock) {
    this.late = metrics.histogram(
      'nodejs_eventloop_lag_seconds', 'How late timers of the main thread are; measured ten times a second.', BOUNDS)
  }

  start (): void {
    const due = this.clock.elapsed() + EVERY
    this.timer = this.clock.after(EVERY, () => {
      this.late.record(Math.max(0, this.clock.elapsed() - due) / 1_000)
      this.start()
    })
  }

  stop (): void {
    this.timer?.cancel()
  }
}
