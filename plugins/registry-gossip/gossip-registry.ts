import {
  ClockToken, inject, injectable, MembershipToken, MetricsToken, NodeToken, PeersToken, PluginConfig, PluginLog, RandomToken,
  StoreToken,
  type AgentListing, type AgentRegistry, type Clock, type Health, type LocatedAgent, type Logger, type Metrics, type NodeFacts,
  type PluginLife, type Random, type RegistryChange, type Store,
} from '../../kernel/contract/index.js'
import { EpochStore } from './epoch-store.js'
import { OwnLog } from './exchange/own-log.js'
import { RegistryExchange, type ExchangeParts } from './exchange/registry-exchange.js'
import type { GossipRegistryConfig } from './gossip-registry-config.js'
import type { Owner } from './records/owner.js'
import { RegistryTable } from './records/registry-table.js'
import { RegistryMeter } from './registry-meter.js'
import { MOST_SEQUENCE } from './wire/entry-block.js'

/** When news have been missing for so long, in milliseconds, an operator should know. */
const LATE = 10_000

/**
 * Which agent is on which node: every node writes a log of its own agents, tells the others what is new in it, and
 * fetches from them what it missed of theirs.
 */
@injectable()
export class GossipRegistry implements AgentRegistry, PluginLife {
  readonly #table: RegistryTable
  readonly #self: Owner
  readonly #own: OwnLog
  readonly #epochs: EpochStore
  readonly #listeners = new Set<(changes: readonly RegistryChange[]) => void>()
  #exchange: RegistryExchange | undefined
  #trouble: string | undefined

  constructor (
    @inject(NodeToken) node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) private readonly random: Random,
    @inject(StoreToken) store: Store,
    @inject(PeersToken) private readonly peers: ExchangeParts['peers'],
    @inject(MembershipToken) private readonly membership: ExchangeParts['membership'],
    @inject(MetricsToken) private readonly metrics: Metrics,
    @inject(PluginConfig) private readonly config: GossipRegistryConfig,
    @inject(PluginLog) private readonly log: Logger,
  ) {
    this.#table = new RegistryTable(node.nodeId, config.tail)
    this.#self = this.#table.self
    this.#own = new OwnLog(this.#self, this.#table, log, changes => { this.#changed(changes) })
    this.#epochs = new EpochStore(store, clock)
  }

  async start (signal: AbortSignal): Promise<void> {
    const epoch = await this.#epochs.raise()
    signal.throwIfAborted()
    this.#own.begin(epoch)
    const meter = new RegistryMeter(this.metrics, this.log)
    const { peers, membership, clock, random, config } = this
    this.#exchange = new RegistryExchange({
      own: this.#own, table: this.#table, peers, membership, clock, random, config, meter,
      changed: changes => { this.#changed(changes) },
      disputed: disputed => { this.#renew(disputed) },
    })
    meter.watch({
      agents: () => this.#table.size,
      nodes: () => this.nodes().length,
      bytes: () => this.#table.bytes,
      behind: () => this.#exchange?.missing(0).length ?? 0,
    })
    this.#exchange.start()
  }

  async stop (): Promise<void> {
    this.#exchange?.stop()
    this.#listeners.clear()
  }

  health (): Health {
    if (this.#trouble !== undefined) return { state: 'degraded', detail: this.#trouble }
    const missing = this.#exchange?.missing(LATE) ?? []
    if (missing.length === 0) return { state: 'ready' }
    const some = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ` and ${missing.length - 3} more` : '')
    return { state: 'degraded', detail: `news of the agents on ${some} can't be had for more than ${LATE / 1000} s` }
  }

  announce (listing: AgentListing): void {
    this.#own.announce(listing)
    this.#exchange?.noted()
  }

  withdraw (name: string): void {
    this.#own.withdraw(name)
    this.#exchange?.noted()
  }

  find (name: string): LocatedAgent | undefined {
    return this.#table.find(name)
  }

  claims (name: string): readonly LocatedAgent[] {
    return this.#table.claims(name)
  }

  * ofNode (nodeId: string): Iterable<AgentListing> {
    const records = this.#table.owner(nodeId)?.records
    if (!records) return
    for (let row = 0; row < records.rows; row++) if (records.isUsed(row)) yield records.listing(row)
  }

  count (nodeId?: string): number {
    return nodeId === undefined ? this.#table.size : this.#table.owner(nodeId)?.records.size ?? 0
  }

  nodes (): readonly string[] {
    return [...this.#table.owners()].filter(({ epoch, records }) => epoch > 0 || records.size > 0).map(({ nodeId }) => nodeId)
  }

  onChange (changed: (changes: readonly RegistryChange[]) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    this.#listeners.add(changed)
    signal.addEventListener('abort', () => { this.#listeners.delete(changed) }, { once: true })
  }

  forget (nodeId: string): void {
    if (nodeId !== this.#self.nodeId) this.#exchange?.forget(nodeId)
  }

  heardOf (nodeId: string): number {
    return nodeId === this.#self.nodeId ? this.clock.now() : this.#table.owner(nodeId)?.heardAt ?? 0
  }

  #changed (changes: readonly RegistryChange[]): void {
    if (changes.length === 0) return
    for (const changed of this.#listeners) changed(changes)
  }

  /** Others know this node's log from an earlier life that it forgot itself: it writes a new one, above that. */
  #renew (disputed: number): void {
    if (disputed >= MOST_SEQUENCE) return
    const epoch = disputed + 1
    this.log.warn('other nodes know a later log of this node\'s agents than it wrote; it is written anew', { epoch })
    this.#own.begin(epoch)
    this.#exchange?.renewed()
    this.#epochs.keep(epoch).then(() => { this.#trouble = undefined }, (error: unknown) => {
      this.log.error('the epoch of the log of agents could not be kept', { epoch, error })
      this.#trouble = 'the epoch of its log could not be kept: see the log'
    })
  }
}
