import { configSchema, listOf, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

const DAY = 86_400_000
const HOUR = 3_600_000

export const clusterConfig = configSchema({
  host: {
    doc: 'Address to listen on for gossip, UDP and TCP. Any other than loopback needs `keys`.',
    format: 'host', default: '127.0.0.1',
  },
  port: { doc: 'Port for gossip, the same for UDP and TCP.', format: 'port', default: 7946 },
  advertise: {
    doc: 'Address under which other nodes reach this one, when it is not the one that it listens on: `10.0.0.1` or `10.0.0.1:7946`.',
    format: 'string', default: null,
  },
  seeds: {
    doc: 'Nodes through which this one joins: `host:port`, a name with several addresses, or `_service._proto.name` for SRV records.',
    format: listOf('string'), default: [],
  },
  bootstrap: {
    doc: 'Whether this node may begin a cluster although it has seeds. Without seeds it does.',
    format: 'boolean', default: false,
  },
  keys: {
    doc: 'Keys for the encryption of gossip: 16, 24 or 32 bytes in base64, the one in use first. Once keys were changed live, those hold.',
    format: listOf('secret'), default: [],
  },
  key_rotation: {
    doc: 'on: encrypts with a new key each interval, which follows from `keys` and the time. accept: only reads what others encrypt so.',
    format: oneOf('off', 'accept', 'on'), default: 'off',
  },
  key_rotation_interval: {
    doc: 'How long gossip is encrypted with one key, where `key_rotation` is on. The same on all nodes.',
    format: 'duration', default: '24h', min: 600_000, max: 30 * DAY,
  },
  label: {
    doc: 'Keeps clusters apart that share a network: only nodes with the same label meet.',
    format: 'string', default: '',
  },
  verify_incoming: {
    doc: 'With keys: refuses gossip that is not encrypted. Off only while a running cluster goes over to encryption.',
    format: 'boolean', default: true,
  },
  verify_outgoing: {
    doc: 'With keys: encrypts what is sent. Off only while a running cluster goes over to encryption.',
    format: 'boolean', default: true,
  },
  compression: {
    doc: 'Compresses longer messages: less traffic, more work for the processor.',
    format: 'boolean', default: true,
  },
  expected_nodes: {
    doc: 'Nodes that the cluster begins with: until so many have been seen, a majority is counted against no fewer. 0: only against '
      + 'those that were admitted.',
    format: 'integer', default: 0, min: 0, max: 10_000,
  },
  tie_breaker: {
    doc: 'Node whose half goes on when the cluster splits into equal halves. Without one, both halves become read-only.',
    format: 'string', default: null,
  },
  stable_after: {
    doc: 'How long the same nodes must be in sight before this one decides whether it stands with the majority.',
    format: 'duration', default: '3s', min: 100, max: HOUR,
  },
  probe_interval: {
    doc: 'How often one other node is probed; a silent one is suspected after this time. Longer for high latency, or far above 100 nodes.',
    format: 'duration', default: '300ms', min: 20, max: 60_000,
  },
  probe_timeout: {
    doc: 'How long a probe waits before others are asked to help, until answers have been measured. Above the longest round trip.',
    format: 'duration', default: '120ms', min: 5, max: 30_000,
  },
  indirect_probes: {
    doc: 'Nodes that are asked to probe one that is silent. More where the network loses much.',
    format: 'integer', default: 3, min: 0, max: 20,
  },
  suspicion_multiplier: {
    doc: 'Length of a suspicion, in probe intervals, growing with the number of nodes. Larger: fewer false deaths, later true ones.',
    format: 'integer', default: 4, min: 1, max: 30,
  },
  suspicion_max_multiplier: {
    doc: 'How many times longer a suspicion lasts that no other node confirms.',
    format: 'integer', default: 2, min: 1, max: 30,
  },
  suspicion_min: {
    doc: 'Shortest suspicion, however few the nodes: a node that stands still for less is never taken for dead.',
    format: 'duration', default: '2200ms', min: 0, max: HOUR,
  },
  gossip_interval: {
    doc: 'How often news is passed on. Shorter: faster, more packets.',
    format: 'duration', default: '100ms', min: 10, max: 60_000,
  },
  gossip_fanout: {
    doc: 'To how many nodes news is passed on each time; up to four times as many while more waits than a packet holds.',
    format: 'integer', default: 3, min: 1, max: 20,
  },
  gossip_to_dead: {
    doc: 'How long dead nodes still get news, so that they can say that they live.',
    format: 'duration', default: '30s', min: 0, max: HOUR,
  },
  retransmit_multiplier: {
    doc: 'How often each piece of news is passed on, growing with the number of nodes. Larger where the network loses much.',
    format: 'integer', default: 4, min: 1, max: 20,
  },
  push_pull_interval: {
    doc: 'How soon all that two nodes know is compared when their short digests differ.',
    format: 'duration', default: '1s', min: 50, max: HOUR,
  },
  full_sync_interval: {
    doc: 'How often all is compared with a node chosen by chance although nothing seems to differ; for nodes that are no Caxton.',
    format: 'duration', default: '30s', min: 1000, max: HOUR,
  },
  stream_timeout: {
    doc: 'How long an exchange over TCP may take.',
    format: 'duration', default: '10s', min: 100, max: 300_000,
  },
  redial_interval: {
    doc: 'How often a node that is out of sight, or a seed that was never seen, is dialled. Shorter: partitions heal faster.',
    format: 'duration', default: '1500ms', min: 100, max: HOUR,
  },
  forget_after: {
    doc: 'How long a dead node is remembered and dialled. It still counts for the majority afterwards, until it is removed.',
    format: 'duration', default: '24h', min: 60_000, max: 30 * DAY,
  },
  reclaim_after: {
    doc: 'How long a dead node keeps its name against a node of that name at another address.',
    format: 'duration', default: '5s', min: 0, max: DAY,
  },
  lag_limit: {
    doc: 'Lateness of this process from which on it accuses nobody, because it may be the one that stood still.',
    format: 'duration', default: '100ms', min: 10, max: 10_000,
  },
})

export type ClusterConfig = ConfigOf<typeof clusterConfig>
