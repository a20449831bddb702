import type { Clock, Timer } from '../clock.js'

/** When to ask whether the other side lives, and how long its answer may take, in milliseconds. */
export interface HeartbeatTiming {
  readonly keepalive: number
  readonly keepalive_timeout: number
}

/**
 * Notices that the other side has stopped. When nothing came for a while it asks; when then nothing comes either, it is
 * lost. Whatever comes counts.
 */
export class Heartbeat {
  #timer: Timer | undefined
  #seen = 0

  /** `received` grows whenever something comes. */
  constructor (
    private readonly clock: Clock,
    private readonly timing: HeartbeatTiming,
    private readonly received: () => number,
    private readonly ask: () => void,
    private readonly lost: (silence: number) => void,
  ) {}

  start (): void {
    this.#seen = this.received()
    this.#timer = this.clock.after(this.timing.keepalive, () => { this.#look() })
  }

  stop (): void {
    this.#timer?.cancel()
  }

  #look (): void {
    if (this.received() !== this.#seen) return this.start()
    this.ask()
    // The last look comes a turn of the event loop later: if this process itself was stopped, the answer waits to be read.
    this.#timer = this.clock.after(this.timing.keepalive_timeout, () => {
      this.#timer = this.clock.after(0, () => { this.#decide() })
    })
  }

  #decide (): void {
    if (this.received() !== this.#seen) this.start()
    else this.lost(this.timing.keepalive + this.timing.keepalive_timeout)
  }
}
