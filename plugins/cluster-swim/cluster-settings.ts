import type { ClusterConfig } from './cluster-config.js'
import type { SwimSettings } from './settings.js'

/** A packet fits into one Ethernet frame even with some tunnel around it (memberlist's `UDPBufferSize`). */
const PACKET_SIZE = 1400

export const settingsOf = (config: ClusterConfig): SwimSettings => ({
  probeInterval: config.probe_interval,
  probeTimeout: Math.min(config.probe_timeout, config.probe_interval),
  indirectProbes: config.indirect_probes,
  suspicionMultiplier: config.suspicion_multiplier,
  suspicionMaxMultiplier: config.suspicion_max_multiplier,
  suspicionMin: config.suspicion_min,
  retransmitMultiplier: config.retransmit_multiplier,
  gossipInterval: config.gossip_interval,
  gossipFanout: config.gossip_fanout,
  gossipToDead: config.gossip_to_dead,
  pushPullInterval: config.push_pull_interval,
  fullSyncInterval: config.full_sync_interval,
  streamTimeout: config.stream_timeout,
  reclaimAfter: config.reclaim_after,
  forgetAfter: config.forget_after,
  redialInterval: config.redial_interval,
  lagLimit: config.lag_limit,
  packetSize: PACKET_SIZE,
})
