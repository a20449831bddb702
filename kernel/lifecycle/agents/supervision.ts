import type { Clock, Timer } from '../../contract/index.js'

/** When an agent that misbehaves is restarted, and when it is not any more. Times in milliseconds. */
export interface SupervisionRules {
  readonly strikes: number
  readonly strikeWindow: number
  readonly restartDelay: number
  readonly restartDelayMax: number
}

interface Offender {
  readonly strikes: number[]
  delay: number
  timer: Timer | undefined
}

/** Whose strikes are counted together: an agent, by its handle, or a supervision group, by its name. */
export type Supervised = number | string

/** What supervision decides. */
export interface SupervisionActs {
  restart (who: Supervised): void
  quarantine (who: Supervised, strikes: number): void
}

/** Restart after a delay that doubles with each strike, quarantine after too many within the window. */
export class Supervision {
  readonly #offenders = new Map<Supervised, Offender>()

  constructor (private readonly rules: SupervisionRules, private readonly clock: Clock, private readonly acts: SupervisionActs) {}

  /** An agent, or a member of a group, misbehaved and its guest is gone. */
  strike (who: Supervised): void {
    const now = this.clock.elapsed()
    const { strikes, strikeWindow, restartDelay, restartDelayMax } = this.rules
    const offender = this.#offenders.get(who) ?? { strikes: [], delay: restartDelay, timer: undefined }
    this.#offenders.set(who, offender)
    const last = offender.strikes.at(-1)
    if (last === undefined || now - last > strikeWindow + offender.delay) offender.delay = restartDelay
    offender.strikes.push(now)
    // The delays themselves must not carry an agent out of its window.
    if (offender.strikes.length > strikes) offender.strikes.shift()
    const first = offender.strikes[0] ?? now
    if (offender.strikes.length >= strikes && now - first <= strikeWindow + this.#delaysOf(strikes - 1)) {
      this.forget(who)
      this.acts.quarantine(who, strikes)
      return
    }
    offender.timer?.cancel()
    offender.timer = this.clock.after(offender.delay, () => this.acts.restart(who))
    offender.delay = Math.min(offender.delay * 2, restartDelayMax)
  }

  /** The agent was stopped, removed, or starts with a clean slate. */
  forget (who: Supervised): void {
    this.#offenders.get(who)?.timer?.cancel()
    this.#offenders.delete(who)
  }

  stop (): void {
    for (const who of this.#offenders.keys()) this.forget(who)
  }

  /** Sum of the first `count` restart delays. */
  #delaysOf (count: number): number {
    let sum = 0
    for (let index = 0; index < count; index++) sum += Math.min(this.rules.restartDelay * 2 ** index, this.rules.restartDelayMax)
    return sum
  }
}
