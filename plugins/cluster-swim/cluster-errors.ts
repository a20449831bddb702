import { defineError } from '../../kernel/contract/index.js'

export const ClusterTagsTooLong = defineError({
  code: 'CLUSTER_TAGS_TOO_LONG', kind: 'configuration',
  meaning: 'What a node tells of itself in the cluster (its zone, its version, how it takes links) is longer than the 512 bytes that '
    + 'gossip has for it.',
  remedy: 'Give the zone in `node.zone` a shorter name.',
  sentence: (d: { zone: string, roads: number }) =>
    `zone "${d.zone.slice(0, 40)}" and ${d.roads} transports do not fit into what a node may tell of itself`,
})

export const ClusterRemovalRefused = defineError({
  code: 'CLUSTER_REMOVAL_REFUSED', kind: 'precondition',
  meaning: 'A node was to be removed by one that stands with a minority: the other part could remove this one in turn, and both would '
    + 'go on.',
  remedy: 'Remove it on a node of the majority. If this part is all that is left of the cluster, add --force.',
  sentence: (d: { nodeId: string }) => `node "${d.nodeId}" is not removed: this node stands with a minority`,
})

export const ClusterKeyInvalid = defineError({
  code: 'CLUSTER_KEY_INVALID', kind: 'configuration',
  meaning: 'A key for the encryption of gossip can\'t be used.',
  remedy: 'Give 16, 24 or 32 random bytes in base64: `openssl rand -base64 32` makes one.',
  sentence: (d: { place: string, problem: string }) => `${d.place} is no key for gossip: ${d.problem}`,
})

export const ClusterKeysNotRotatable = defineError({
  code: 'CLUSTER_KEYS_NOT_ROTATABLE', kind: 'configuration',
  meaning: '`key_rotation` is on, and the keys that the rotated ones would follow from are missing or too many.',
  remedy: 'Give the node one key in `keys`, and more only while you replace it; or turn `key_rotation` off.',
  sentence: (d: { problem: string }) => `the keys for gossip can't be rotated: ${d.problem}`,
})

export const ClusterKeysOff = defineError({
  code: 'CLUSTER_KEYS_OFF', kind: 'precondition',
  meaning: 'Gossip is not encrypted in this cluster, so there are no keys to change.',
  remedy: 'Give the nodes `keys` in their configuration; plugins/cluster-swim/README.md says how a running cluster goes over to '
    + 'encryption.',
  sentence: (_d: object) => 'this cluster has no encryption',
})

export const ClusterKeyUnknown = defineError({
  code: 'CLUSTER_KEY_UNKNOWN', kind: 'not-found',
  meaning: 'This node has no key with the fingerprint that was given.',
  remedy: 'List the keys with `caxton cluster keys list`.',
  sentence: (d: { fingerprint: string }) => `no key "${d.fingerprint}" is installed on this node`,
})

export const ClusterKeyMissing = defineError({
  code: 'CLUSTER_KEY_MISSING', kind: 'precondition',
  meaning: 'A key was to be used that some nodes have not got: they would understand nothing any more.',
  remedy: 'Install it once more, until `caxton cluster keys list` shows it on all nodes.',
  sentence: (d: { fingerprint: string, nodes: readonly string[] }) =>
    `key ${d.fingerprint} is missing on ${d.nodes.slice(0, 10).join(', ')}`,
})

export const ClusterNameTaken = defineError({
  code: 'CLUSTER_NAME_TAKEN', kind: 'precondition',
  meaning: 'Another node of the cluster has the same name, and most others know that one by it.',
  remedy: 'Give this node a name of its own in `node.id`, or stop the other one.',
  sentence: (d: { nodeId: string, holder: string }) => `the name "${d.nodeId}" belongs to the node at ${d.holder}: this one takes no part`,
})

export const ClusterNodeRemoved = defineError({
  code: 'CLUSTER_NODE_REMOVED', kind: 'precondition',
  meaning: 'An operator removed this node from the cluster while it ran.',
  remedy: 'Start it anew to have it join again.',
  sentence: (d: { nodeId: string }) => `node "${d.nodeId}" was removed from the cluster: it takes no part any more`,
})

export const ClusterPortTaken = defineError({
  code: 'CLUSTER_PORT_TAKEN', kind: 'unavailable',
  meaning: 'The UDP port for gossip can\'t be opened; its TCP port could.',
  remedy: 'See with `ss -lunp` who has the UDP port, or choose another `port`: gossip needs the same number for UDP and TCP.',
  sentence: (d: { host: string, port: number, reason: string }) =>
    `UDP port ${d.port} on ${d.host} can't be opened for gossip: ${d.reason}`,
})

export const ClusterAddressUnknown = defineError({
  code: 'CLUSTER_ADDRESS_UNKNOWN', kind: 'configuration',
  meaning: 'A node that listens on all addresses can\'t tell under which one the others reach it.',
  remedy: 'Give the address in `advertise`.',
  sentence: (d: { host: string }) => `others can't reach this node at ${d.host}, and this machine has no other address`,
})

export const clusterErrors = [
  ClusterTagsTooLong, ClusterRemovalRefused, ClusterKeyInvalid, ClusterKeysNotRotatable, ClusterKeysOff, ClusterKeyUnknown,
  ClusterKeyMissing, ClusterNameTaken, ClusterNodeRemoved, ClusterPortTaken, ClusterAddressUnknown,
] as const
