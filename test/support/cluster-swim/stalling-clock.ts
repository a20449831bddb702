import type { Clock, Timer } from '../../../kernel/contract/index.js'

/** The clock of one process, which can be stopped: what falls due meanwhile happens afterwards, in its order. */
export class StallingClock implements Clock {
  #until = 0
  #isDead = false

  constructor (private readonly clock: Clock) {}

  now (): number {
    return this.clock.now()
  }

  elapsed (): number {
    return this.clock.elapsed()
  }

  after (milliseconds: number, action: () => void): Timer {
    let timer = this.clock.after(milliseconds, () => { fire() })
    const fire = (): void => {
      if (this.#isDead) return
      const left = this.#until - this.clock.elapsed()
      if (left > 0) timer = this.clock.after(left, fire)
      else action()
    }
    return { cancel: () => { timer.cancel() } }
  }

  stall (milliseconds: number): void {
    this.#until = this.clock.elapsed() + milliseconds
  }

  /** For ever. */
  kill (): void {
    this.#isDead = true
  }

  get isDead (): boolean {
    return this.#isDead
  }

  /** How much longer it stands still. */
  get stalledFor (): number {
    return Math.max(0, this.#until - this.clock.elapsed())
  }
}
