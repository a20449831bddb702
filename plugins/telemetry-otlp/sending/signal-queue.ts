import { pause, type Clock, type Random, type Timer } from '../../../kernel/contract/index.js'
import type { Outcome } from './otlp-sender.js'

/** First wait before a request is repeated, in milliseconds; doubles with each, to the longest. */
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

/** Bounds of a {@link SignalQueue}. */
export interface QueueRules {
  /** Items of one request, and items that may wait. */
  readonly batch: number
  readonly most: number
  /** Time in which items gather, and for which a request is repeated, in milliseconds. */
  readonly flush: number
  readonly retryFor: number
}

/** Why items were not sent. */
export type Loss = 'queue-full' | 'refused' | 'rejected' | 'gave-up'

/** What {@link SignalQueue} works with. */
export interface QueueParts<T> {
  readonly rules: QueueRules
  readonly clock: Clock
  readonly random: Random
  readonly send: (items: readonly T[], signal: AbortSignal) => Promise<Outcome>
  readonly sent: (count: number) => void
  readonly lost: (count: number, loss: Loss, because: string) => void
}

/**
 * What waits to be sent of one kind. Taking an item never waits: what there is no room for is lost. One request is under way at a time; it
 * is repeated, with growing waits, for as long as the collector can't take it for the moment.
 */
export class SignalQueue<T> {
  private waiting: T[] = []
  private timer: Timer | undefined
  private work: Promise<void> | undefined
  private readonly stopping = new AbortController()

  constructor (private readonly parts: QueueParts<T>) {}

  add (item: T): void {
    const { rules, lost } = this.parts
    if (this.waiting.length >= rules.most || this.stopping.signal.aborted) {
      lost(1, 'queue-full', 'too much waits to be sent')
      return
    }
    this.waiting.push(item)
    if (this.waiting.length >= rules.batch) this.begin()
    else if (this.work === undefined) this.beginInTime()
  }

  /** Sends what waits, once, and takes nothing more. Resolves when that is done, or `signal` aborts. */
  async close (signal: AbortSignal): Promise<void> {
    this.timer?.cancel()
    this.stopping.abort()
    await this.work
    while (this.waiting.length > 0) await this.sendOnce(this.next(), signal)
  }

  private beginInTime (): void {
    this.timer ??= this.parts.clock.after(this.parts.rules.flush, () => { this.begin() })
  }

  private begin (): void {
    this.timer?.cancel()
    this.timer = undefined
    this.work ??= this.sendAll().finally(() => {
      this.work = undefined
      if (this.waiting.length > 0 && !this.stopping.signal.aborted) this.beginInTime()
    })
  }

  /** All that waits now. */
  private async sendAll (): Promise<void> {
    for (let left = this.waiting.length; left > 0 && !this.stopping.signal.aborted;) {
      const items = this.next()
      left -= items.length
      await this.sendAnyhow(items)
    }
  }

  private next (): T[] {
    return this.waiting.splice(0, this.parts.rules.batch)
  }

  /** Sends items, again and again if need be. */
  private async sendAnyhow (items: T[]): Promise<void> {
    const { rules, clock, random, send } = this.parts
    const { signal } = this.stopping
    const end = clock.elapsed() + rules.retryFor
    for (let backOff = FIRST_WAIT; ; backOff = Math.min(LONGEST_WAIT, backOff * 2)) {
      const outcome = await send(items, signal)
      if (outcome.kind !== 'later') return this.settle(items, outcome)
      // They are sent once more with what waits when the server stops.
      if (signal.aborted) return this.putBack(items)
      const wait = outcome.wait ?? backOff * (0.5 + random.fraction() / 2)
      if (clock.elapsed() + wait > end) return this.parts.lost(items.length, 'gave-up', outcome.because)
      await pause(clock, wait, signal).catch(() => {})
      if (signal.aborted) return this.putBack(items)
    }
  }

  private async sendOnce (items: T[], signal: AbortSignal): Promise<void> {
    const outcome = await this.parts.send(items, signal)
    if (outcome.kind === 'later') this.parts.lost(items.length, 'gave-up', outcome.because)
    else this.settle(items, outcome)
  }

  private settle (items: readonly T[], outcome: Exclude<Outcome, { readonly kind: 'later' }>): void {
    const { sent, lost } = this.parts
    if (outcome.kind === 'refused') return lost(items.length, 'refused', outcome.because)
    sent(items.length - outcome.rejected)
    if (outcome.rejected > 0) lost(outcome.rejected, 'rejected', outcome.because)
  }

  private putBack (items: readonly T[]): void {
    this.waiting.unshift(...items)
  }
}
