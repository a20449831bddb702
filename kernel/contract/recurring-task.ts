import type { Clock, Timer } from './clock.js'

/** Does something again and again, a while after it was done before: never twice at the same time. */
export class RecurringTask {
  #timer: Timer | undefined
  #underWay: Promise<void> = Promise.resolve()
  #isStopped = false

  /** @param interval Milliseconds from an end to the next beginning. @param act Must not reject. */
  constructor (private readonly clock: Clock, private readonly interval: number, private readonly act: () => Promise<void>) {}

  /** It is done for the first time after one interval. */
  start (): void {
    if (this.#isStopped) return
    this.#timer = this.clock.after(this.interval, () => {
      this.#underWay = this.#underWay.then(this.act).finally(() => { this.start() })
    })
  }

  /** Does something else, after what is under way. It must not reject. */
  insert (act: () => Promise<void>): void {
    this.#underWay = this.#underWay.then(act)
  }

  /** Resolves when nothing is under way any more. */
  async stop (): Promise<void> {
    this.#isStopped = true
    this.#timer?.cancel()
    await this.#underWay
  }
}
