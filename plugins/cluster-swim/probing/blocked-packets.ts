import type { Counter, Logger, Metrics } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import type { ProbeResult } from './probe.js'

/** How often in a row a connection must be faster than every packet. Once, it may be that the node stood still. */
const OFTEN = 3

/** Notices nodes to and from which no packets get through, but connections do, and says it once of each. */
export class BlockedPackets {
  readonly #inARow = new WeakMap<MemberRecord, number>()
  readonly #said = new WeakSet<MemberRecord>()
  readonly #count: Counter

  constructor (metrics: Metrics, private readonly log: Pick<Logger, 'warn'>) {
    this.#count = metrics.counter('caxton_cluster_udp_blocked_total', 'Probes that only a connection answered, no packet.')
  }

  /** A node was heard in this way. */
  heard (record: MemberRecord, way: ProbeResult['way']): void {
    if (way === 'direct') this.#inARow.delete(record)
    if (way !== 'stream') return
    this.#count.add(1)
    const times = (this.#inARow.get(record) ?? 0) + 1
    this.#inARow.set(record, times)
    if (times < OFTEN || this.#said.has(record)) return
    this.#said.add(record)
    this.log.warn(`node "${record.name}" answers over TCP but not over UDP: open UDP port ${record.port} in both directions`)
  }
}
