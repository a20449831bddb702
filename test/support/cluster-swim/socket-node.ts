import { Secret } from '../../../kernel/contract/index.js'
import { NetListeners } from '../../../kernel/lifecycle/listeners.js'
import { SystemClock } from '../../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../../kernel/observability/system-random.js'
import type { ClusterConfig } from '../../../plugins/cluster-swim/cluster-config.js'
import { ClusterSwim } from '../../../plugins/cluster-swim/cluster-swim.js'
import { MemoryStore } from '../../../plugins/store-memory/memory-store.js'
import { noEvents, noMetrics, QuietContext } from '../quiet-context.js'

export const CONFIG: ClusterConfig = {
  host: '127.0.0.1', port: 0, advertise: undefined, seeds: [], bootstrap: false, keys: [], label: '', key_rotation: 'off',
  key_rotation_interval: 86_400_000, verify_incoming: true,
  verify_outgoing: true, compression: true, expected_nodes: 0, tie_breaker: undefined, stable_after: 3000, probe_interval: 300,
  probe_timeout: 120, indirect_probes: 3, suspicion_multiplier: 4, suspicion_max_multiplier: 2, suspicion_min: 2200, gossip_interval: 100,
  gossip_fanout: 3, gossip_to_dead: 30_000, retransmit_multiplier: 4, push_pull_interval: 1000, full_sync_interval: 30_000,
  stream_timeout: 10_000, redial_interval: 1500, forget_after: 86_400_000, reclaim_after: 5000, lag_limit: 100,
}

export interface SocketNode {
  readonly swim: ClusterSwim
  readonly context: QuietContext
  /** `127.0.0.1:12345` */
  readonly seed: string
}

/** A node on real sockets, as the server runs it; `key` in base64. */
export async function socketNode (nodeId: string, config: Partial<ClusterConfig> = {}, key?: string): Promise<SocketNode> {
  const context = new QuietContext('cluster-swim')
  const facts = { nodeId, zone: 'a', dataDirectory: '', startedAt: Date.now(), version: '0.1.0' }
  const store = new MemoryStore({ max_size: 2 ** 26 }).scopeFor('cluster-swim')
  const keys = key === undefined ? [] : [new Secret(key)]
  const swim = new ClusterSwim(facts, new SystemClock(), new SystemRandom(), store,
    new NetListeners(false, context.log, noMetrics, noEvents),
    noMetrics, { ...CONFIG, keys, ...config }, context)
  await swim.start()
  swim.advertise([{ transport: 'tcp', driver: 'tls', port: 7947 }])
  const { host, gossipPort } = swim.self()
  return { swim, context, seed: `${host}:${gossipPort}` }
}
