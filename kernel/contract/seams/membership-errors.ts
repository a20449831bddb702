import { defineError } from '../errors.js'

/** What every membership raises, whichever protocol it speaks. */

export const ClusterJoinFailed = defineError({
  code: 'CLUSTER_JOIN_FAILED',
  kind: 'unavailable',
  meaning: 'None of the nodes that this one was to join through took it in.',
  remedy: 'Check that one of them runs and that its gossip port is open for UDP and TCP. With encryption, both need the same key and the '
    + 'same label.',
  sentence: (d: { seeds: string, reason: string }) => `no cluster was joined through ${d.seeds}: ${d.reason}`,
})

export const ClusterNodeUnknown = defineError({
  code: 'CLUSTER_NODE_UNKNOWN',
  kind: 'not-found',
  meaning: 'No node of this name is known in the cluster.',
  remedy: 'List the nodes with `caxton cluster members`.',
  sentence: (d: { nodeId: string }) => `no node "${d.nodeId}" is known in the cluster`,
})

export const ClusterNodeAlive = defineError({
  code: 'CLUSTER_NODE_ALIVE',
  kind: 'precondition',
  meaning: 'A node that answers was to be removed from the cluster.',
  remedy: 'Let it leave by itself: `caxton cluster leave` on that node. To remove it all the same, add --force.',
  sentence: (d: { nodeId: string }) => `node "${d.nodeId}" is alive`,
})

export const ClusterNodeSilent = defineError({
  code: 'CLUSTER_NODE_SILENT',
  kind: 'unavailable',
  meaning: 'A node did not answer a probe in time.',
  remedy: 'Check that the node runs and that its gossip port can be reached over UDP.',
  sentence: (d: { nodeId: string, milliseconds: number }) => `node "${d.nodeId}" did not answer within ${d.milliseconds} ms`,
})

export const membershipErrors = [ClusterJoinFailed, ClusterNodeUnknown, ClusterNodeAlive, ClusterNodeSilent] as const
