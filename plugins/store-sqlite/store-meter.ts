import type { Clock, Counter, Histogram, Metrics } from '../../kernel/contract/index.js'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

/** What an operator sees of the store. */
export class StoreMeter {
  readonly #batches: Counter
  readonly #seconds: Histogram

  constructor (private readonly metrics: Metrics, private readonly clock: Clock) {
    this.#batches = metrics.counter('caxton_store_batches_total', 'Batches handed to the disk.')
    this.#seconds = metrics.histogram('caxton_store_commit_seconds', 'Time that one transaction of many batches took.', SECONDS)
  }

  /** Notes a group of batches; what it returns is called when they were answered. */
  begin (batches: number): () => void {
    const begun = this.clock.elapsed()
    this.#batches.add(batches)
    return () => { this.#seconds.record((this.clock.elapsed() - begun) / 1000) }
  }

  watch (waiting: () => number): void {
    const gauge = this.metrics.gauge('caxton_store_waiting_batches', 'Batches that are not durable yet.')
    this.metrics.onCollect(() => { gauge.set(waiting()) })
  }
}
