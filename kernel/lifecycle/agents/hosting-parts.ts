import type { AgentEngine, Clock, Logger, Metrics, Protocol, Random, SecurityEvents, Store, Tools } from '../../contract/index.js'
import type { Tracing } from '../../observability/tracing.js'
import type { HeapGrowth } from '../heap-growth.js'
import type { KernelConfiguration } from '../configuration/kernel-schema.js'

/** What the hosting of agents needs of the rest of the server. */
export interface HostingParts {
  readonly configuration: KernelConfiguration
  readonly store: Store
  readonly engine: AgentEngine
  readonly protocols: readonly Protocol[]
  /** What agents may call outside. */
  readonly tools?: Tools | undefined
  readonly clock: Clock
  readonly random: Random
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly log: Logger
  readonly events: SecurityEvents
  readonly heaps: Pick<HeapGrowth, 'agents'>
}
