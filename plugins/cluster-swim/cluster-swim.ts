import { isIP } from 'node:net'
import {
  ClockToken, inject, injectable, ListenersToken, MetricsToken, NodeToken, PluginConfig, PluginContextToken, RandomToken, StoreToken,
  type Clock, type ClusterView, type Health, type Listeners, type Member, type MemberChange, type Membership, type Metrics, type NodeFacts,
  type NodeRoad, type PluginContext, type PluginLife, type Random, type Store, type Whisper,
} from '../../kernel/contract/index.js'
import { advertisedAddress } from './advertised-address.js'
import type { ClusterConfig } from './cluster-config.js'
import { ClusterNameTaken, ClusterNodeRemoved } from './cluster-errors.js'
import { changeCounter, measure } from './cluster-metrics.js'
import { settingsOf } from './cluster-settings.js'
import { clusterStore } from './cluster-store.js'
import { systemLookup } from './exchange/system-lookup.js'
import { Gate } from './gate.js'
import { KeyKeeper } from './keys/key-keeper.js'
import { KeyRounds } from './keys/key-rounds.js'
import { Narrator } from './narrator.js'
import { SocketNetwork } from './network/socket-network.js'
import { SwimNode } from './swim-node.js'
import type { ExpelReason, SwimNeeds } from './swim-needs.js'

/** Membership by SWIM over UDP and TCP: the plugin's living part. */
@injectable()
export class ClusterSwim implements Membership, PluginLife {
  readonly keys: KeyKeeper
  #network: SocketNetwork | undefined
  #node: SwimNode | undefined
  #starting: Promise<void> | undefined
  #expelled: Error | undefined

  constructor (
    @inject(NodeToken) private readonly facts: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) private readonly random: Random,
    @inject(StoreToken) private readonly store: Store,
    @inject(ListenersToken) private readonly listeners: Listeners,
    @inject(MetricsToken) private readonly metrics: Metrics,
    @inject(PluginConfig) private readonly config: ClusterConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.keys = new KeyKeeper(store, context.log)
  }

  start (): Promise<void> {
    this.#starting = this.#open()
    return this.#starting
  }

  async stop (): Promise<void> {
    // What is begun after this would be closed by nobody.
    await this.#starting?.catch(() => undefined)
    await this.#node?.stop()
    await this.#network?.close()
    this.keys.stop()
    await this.keys.settled()
  }

  async #open (): Promise<void> {
    await this.store.migrate(clusterStore)
    await this.keys.load(this.config.keys.map(key => key.reveal()))
    const { key_rotation: rotation, key_rotation_interval: interval } = this.config
    if (rotation !== 'off') this.keys.rotate({ interval, isUsed: rotation === 'on' }, this.clock)
    const isProtected = this.keys.ring !== undefined && this.config.verify_incoming && this.config.verify_outgoing
    const protection = { encrypted: isProtected, authenticated: isProtected }
    const host = isIP(this.config.host) === 0 ? (await systemLookup.addresses(this.config.host))[0] ?? this.config.host : this.config.host
    const network = new SocketNetwork({ host, port: this.config.port, protection }, this.listeners, this.context.log)
    this.#network = network
    const gate = new Gate()
    const bound = await network.open(gate)
    const node = this.#build(network, advertisedAddress(this.config.advertise, bound))
    this.#node = node
    await node.start()
    gate.open(node.networkEvents)
    measure(node, this.metrics)
  }

  health (): Health {
    if (this.#expelled !== undefined) return { state: 'failed', detail: this.#expelled.message }
    const { standing, admitted, reachable } = this.view()
    if (standing !== 'minority') return { state: 'ready' }
    return { state: 'degraded', detail: `this node stands with a minority: ${reachable} of ${admitted} nodes` }
  }

  /** The node itself. Throws before the plugin has started. */
  get node (): SwimNode {
    if (this.#node === undefined) throw new Error('cluster-swim has not started')
    return this.#node
  }

  get keyRounds (): KeyRounds {
    const { core } = this.node
    return new KeyRounds(this.keys, core.queries, core.table, core.needs.settings)
  }

  self (): Member {
    return this.node.self()
  }

  members (): readonly Member[] {
    return this.node.members()
  }

  member (nodeId: string): Member | undefined {
    return this.node.member(nodeId)
  }

  view (): ClusterView {
    return this.node.view()
  }

  onChange (changed: (change: MemberChange) => void, signal: AbortSignal): void {
    this.node.onChange(changed, signal)
  }

  onView (changed: (view: ClusterView) => void, signal: AbortSignal): void {
    this.node.onView(changed, signal)
  }

  advertise (roads: readonly NodeRoad[]): void {
    this.node.advertise(roads)
  }

  reconciled (): void {
    this.node.reconciled()
  }

  join (seeds: readonly string[], signal: AbortSignal): Promise<number> {
    return this.node.join(seeds, signal)
  }

  leave (signal: AbortSignal): Promise<void> {
    return this.node.leave(signal)
  }

  remove (nodeId: string, force: boolean): Promise<void> {
    return this.node.remove(nodeId, force)
  }

  ping (nodeId: string, signal: AbortSignal): Promise<number> {
    return this.node.ping(nodeId, signal)
  }

  doubt (nodeId: string): void {
    this.node.doubt(nodeId)
  }

  whisper (whisper: Whisper): void {
    this.node.whisper(whisper)
  }

  #build (network: SocketNetwork, address: ReturnType<typeof advertisedAddress>): SwimNode {
    const { facts, clock, random, store, metrics, config, context } = this
    const { log } = context
    const narrator = new Narrator(log)
    const count = changeCounter(metrics)
    const needs: SwimNeeds = {
      name: facts.nodeId, zone: facts.zone, version: facts.version, network, clock, random, store, log, metrics, keys: this.keys,
      settings: settingsOf(config), seeds: config.seeds, seedPort: config.port || 7946, lookup: systemLookup,
      wire: {
        label: config.label, keyRing: this.keys.ring, verifyIncoming: config.verify_incoming, verifyOutgoing: config.verify_outgoing,
        compression: config.compression, random,
      },
      standing: { stableAfter: config.stable_after, tieBreaker: config.tie_breaker },
      expectedNodes: config.expected_nodes, isFounder: config.bootstrap || config.seeds.length === 0,
    }
    return new SwimNode(needs, address, {
      changed: change => {
        count(change)
        narrator.changed(change)
      },
      view: view => { narrator.viewed(view) },
      expelled: why => { this.#expel(why) },
    })
  }

  #expel (why: ExpelReason): void {
    const { nodeId } = this.facts
    this.#expelled = why.kind === 'removed' ? ClusterNodeRemoved({ nodeId }) : ClusterNameTaken({ nodeId, holder: why.holder })
    this.context.fail(this.#expelled)
  }
}
