import { defineError } from '../../contract/errors.js'

export const ClusterNotConfigured = defineError({
  code: 'CLUSTER_NOT_CONFIGURED',
  kind: 'precondition',
  meaning: 'The server stands alone: its configuration lacks what makes it a node of a cluster.',
  remedy: 'Add what config/cluster.toml shows to its configuration: [plugins.cluster-swim], [plugins.transport-tcp], '
    + '[plugins.registry-gossip] and [plugins.placement-rendezvous]; then start it anew.',
  sentence: (d: { missing: string }) => `this server is no node of a cluster: it has no ${d.missing}`,
})

export const ClusterReadOnly = defineError({
  code: 'CLUSTER_READ_ONLY',
  kind: 'unavailable',
  meaning: 'This node stands in a minority of the cluster, where nothing may be changed that all nodes must agree on.',
  remedy: 'Ask a node of the majority. If the other nodes are gone for good, remove each with `caxton cluster remove NODE --force`: '
    + 'but if they run and only can\'t be reached, both sides then go on apart.',
  sentence: (d: { reachable: number, admitted: number }) => `this node reaches ${d.reachable} of ${d.admitted} nodes, which is a minority`,
})

export const clusterErrors = [ClusterNotConfigured, ClusterReadOnly] as const
