import type { Clock, Timer } from '../../kernel/contract/index.js'

interface Alarm extends Timer {
  readonly due: number
  readonly order: number
  readonly action: () => void
}

/**
 * A clock that stands still until a test turns it. Timers fire in the order of their times, then in the order in which
 * they were set, also those that fired timers set in turn.
 */
export class VirtualClock implements Clock {
  private passed = 0
  private orders = 0
  private readonly alarms = new Set<Alarm>()

  /** `epoch` is the wall clock at the start, in milliseconds since the Unix epoch. */
  constructor (private epoch = Date.UTC(2030, 0, 1)) {}

  now (): number {
    return this.epoch + this.passed
  }

  elapsed (): number {
    return this.passed
  }

  after (milliseconds: number, action: () => void): Timer {
    const alarm: Alarm = {
      due: this.passed + Math.max(0, milliseconds),
      order: this.orders++,
      action,
      cancel: () => { this.alarms.delete(alarm) },
    }
    this.alarms.add(alarm)
    return alarm
  }

  /** Timers that are set and have not fired. A test ends with none. */
  get pending (): number {
    return this.alarms.size
  }

  /** Sets the wall clock, as an operator might; timers do not care. */
  jumpTo (epochMilliseconds: number): void {
    this.epoch = epochMilliseconds - this.passed
  }

  /** Turns the clock and fires what is due, without letting promises run in between. */
  advance (milliseconds: number): void {
    const target = this.passed + milliseconds
    for (let next = this.nextUntil(target); next !== undefined; next = this.nextUntil(target)) this.fire(next)
    this.passed = target
  }

  /** Turns the clock like {@link advance}, but lets promises settle before, between and after the timers. */
  async pass (milliseconds: number): Promise<void> {
    const target = this.passed + milliseconds
    await settled()
    for (let next = this.nextUntil(target); next !== undefined; next = this.nextUntil(target)) {
      this.fire(next)
      await settled()
    }
    this.passed = target
  }

  private fire (alarm: Alarm): void {
    this.alarms.delete(alarm)
    this.passed = Math.max(this.passed, alarm.due)
    alarm.action()
  }

  private nextUntil (target: number): Alarm | undefined {
    let next: Alarm | undefined
    for (const alarm of this.alarms) {
      if (alarm.due > target) continue
      if (next === undefined || alarm.due < next.due || (alarm.due === next.due && alarm.order < next.order)) next = alarm
    }
    return next
  }
}

/** Resolves when every promise that could settle without time passing has settled. */
export function settled (): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve) })
}
