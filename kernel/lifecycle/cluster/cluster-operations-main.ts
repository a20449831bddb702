import type { AgentRegistry, Clock, Membership, Peers } from '../../contract/index.js'
import type { MetricsRegistry } from '../../observability/metrics.js'
import type { ClusterDeeds } from './cluster-deeds.js'
import type { RoundTripEcho } from './round-trip-echo.js'

/** What the handlers of the cluster service reach. All but the first two are there only in a cluster. */
export interface ClusterOperationsMain {
  readonly clock: Clock
  readonly metrics: Pick<MetricsRegistry, 'snapshot'>
  readonly membership: Membership | undefined
  readonly registry: AgentRegistry | undefined
  readonly peers: Pick<Peers, 'links' | 'roads'> | undefined
  readonly deeds: ClusterDeeds | undefined
  readonly echo: RoundTripEcho | undefined
}
