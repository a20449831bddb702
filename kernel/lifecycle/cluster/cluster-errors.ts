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

export const ClusterLeft = defineError({
  code: 'CLUSTER_LEFT',
  kind: 'precondition',
  meaning: 'The node has left the cluster, or was removed from it, while its server runs on: it takes no part any more.',
  remedy: 'Start its server anew: it joins again by itself.',
  sentence: (d: { nodeId: string }) => `node "${d.nodeId}" belongs to the cluster no more`,
})

export const ClusterPluginMissing = defineError({
  code: 'CLUSTER_PLUGIN_MISSING',
  kind: 'configuration',
  meaning: 'A server was to be started as a node of a cluster, and its configuration has no plugin that knows which nodes live.',
  remedy: 'Add the lines that are shown to the file, or start from config/cluster.toml, which explains them.',
  sentence: (d: { option: string }) => `${d.option} makes the server a node of a cluster, and the file lacks the plugins for that`,
})

export const ClusterSeedsMissing = defineError({
  code: 'CLUSTER_SEEDS_MISSING',
  kind: 'configuration',
  meaning: 'A server was to join the nodes that its configuration names, and it names none.',
  remedy: 'Name some: seeds = ["10.0.0.1:7946", "10.0.0.2:7946"]. Or join others with --join, or begin a cluster with --bootstrap.',
  sentence: (d: { path: string }) => `${d.path} names no node that --cluster could join through`,
})

export const ClusterQueueFull = defineError({
  code: 'CLUSTER_QUEUE_FULL',
  kind: 'exhausted',
  meaning: 'This node stands in a minority of the cluster, and as many changes wait as it may queue.',
  remedy: 'Ask a node of the majority, or wait until the parts meet again. `cluster.queued_writes` sets how many may wait.',
  sentence: (d: { limit: number }) => `${d.limit} changes wait already until a majority can be reached`,
})

export const clusterErrors = [
  ClusterNotConfigured, ClusterReadOnly, ClusterQueueFull, ClusterLeft, ClusterPluginMissing, ClusterSeedsMissing,
] as const
