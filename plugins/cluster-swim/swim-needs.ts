import type { ClusterView, Clock, Logger, MemberChange, Metrics, Random, Store } from '../../kernel/contract/index.js'
import type { NameLookup } from './exchange/seed-names.js'
import type { Network } from './network/network.js'
import type { StandingRules } from './partition/standing.js'
import type { KeyHolder } from './serf/query-answers.js'
import type { SwimSettings } from './settings.js'
import type { WireSettings } from './wire/wire-settings.js'

/** What a node of the cluster is made of: everything that reaches outside comes in here. */
export interface SwimNeeds {
  readonly name: string
  readonly zone: string
  readonly version: string
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly store: Store
  readonly log: Logger
  readonly metrics: Metrics
  readonly wire: WireSettings
  readonly keys: KeyHolder
  readonly settings: SwimSettings
  /** Nodes through which this one joins, as the operator wrote them. */
  readonly seeds: readonly string[]
  /** Gossip port of seeds without one. */
  readonly seedPort: number
  readonly lookup: NameLookup
  readonly standing: StandingRules
  /** Nodes that the cluster has at least. */
  readonly expectedNodes: number
  /** Whether it begins a cluster, rather than to wait for others. */
  readonly isFounder: boolean
}

/** What happens to a node, for whoever holds it. */
export interface SwimEvents {
  changed (change: MemberChange): void
  view (view: ClusterView): void
  /** It must not go on: its name is another's, or it was removed. In one sentence. */
  expelled (why: ExpelReason): void
}

export type ExpelReason = { readonly kind: 'name-taken', readonly holder: string } | { readonly kind: 'removed' }
