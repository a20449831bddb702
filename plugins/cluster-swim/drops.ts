import type { Counter, Logger, Metrics } from '../../kernel/contract/index.js'
import { addressText, type Address } from './network/network.js'

/** Peers whose first dropped packet was logged. */
const MOST_NAMED = 1000

/** What came in and was not taken: counted by reason, and logged once for each peer and reason. */
export class Drops {
  readonly #named = new Set<string>()
  readonly #counter: Counter

  constructor (metrics: Metrics, private readonly log: Logger) {
    this.#counter = metrics.counter(
      'caxton_cluster_packets_dropped_total', 'Packets and connections of gossip that were refused.', ['reason'])
  }

  note (from: Address, reason: string, detail: string): void {
    this.#counter.add(1, { reason })
    const key = `${from.host} ${reason}`
    if (this.#named.has(key) || this.#named.size >= MOST_NAMED) return
    this.#named.add(key)
    this.log.warn(`gossip from ${addressText(from)} is refused: ${detail}`, { reason })
  }
}
