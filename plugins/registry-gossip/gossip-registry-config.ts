import { configSchema, type ConfigOf } from '../../kernel/contract/index.js'

export const gossipRegistryConfig = configSchema({
  push_interval: {
    doc: 'How long changes of this node\'s agents are collected before the other nodes are told, after the first, which is told at once.',
    format: 'duration',
    default: '100ms',
    min: 10,
    max: 10_000,
  },
  heads_interval: {
    doc: 'How often two other nodes are told how far the logs of all nodes are known here: what push did not reach is found in this way.',
    format: 'duration',
    default: '500ms',
    min: 50,
    max: 60_000,
  },
  pull_timeout: {
    doc: 'How long a node has to answer what is asked of a log; then another is asked.',
    format: 'duration',
    default: '2s',
    min: 100,
    max: 60_000,
  },
  snapshots: {
    doc: 'Most nodes whose agents are fetched from scratch at once.',
    format: 'integer',
    default: 4,
    min: 1,
    max: 16,
  },
  tail: {
    doc: 'Entries of each node\'s log that are kept: whoever missed more than these gets all of its agents anew.',
    format: 'integer',
    default: 4_096,
    min: 16,
    max: 65_536,
  },
})

export type GossipRegistryConfig = ConfigOf<typeof gossipRegistryConfig>
