import type { Command } from '../../contract/command.js'

/** Commands for the cluster that a server belongs to. */
export const clusterCommands: readonly Command[] = [
  {
    path: ['cluster', 'status'],
    summary: 'Shows whether the cluster is whole and can be changed.',
    examples: [
      { type: 'caxton cluster status', does: 'Says HEALTHY or DEGRADED, READ-WRITE or READ-ONLY; exit code 1 when DEGRADED.' },
      { type: 'caxton cluster status --server 127.0.0.2:50051', does: 'Asks another node how it sees it.' },
    ],
    module: new URL('./cluster-status.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'members'],
    summary: 'Lists the nodes of the cluster.',
    examples: [{ type: 'caxton cluster members', does: 'Shows each node with its address, its agents and its round trip.' }],
    module: new URL('./cluster-members.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'watch'],
    summary: 'Tells what happens in the cluster, as it happens.',
    examples: [{ type: 'caxton cluster watch', does: 'Shows joins, deaths, adoptions and partitions, a sentence each.' }],
    module: new URL('./cluster-watch.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'performance'],
    summary: 'Measures how fast the cluster is, beside how fast it should be.',
    examples: [{ type: 'caxton cluster performance', does: 'Shows target and actual figure of each; exit code 1 when one is missed.' }],
    module: new URL('./cluster-performance.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'ping'],
    summary: 'Probes a node over the gossip port.',
    arguments: [{ name: 'NODE', doc: 'Its name.', required: true }],
    options: [{ name: 'count', value: 'COUNT', doc: 'How often; 3 by default.' }],
    examples: [{ type: 'caxton cluster ping node-2', does: 'Shows how long it takes to answer.' }],
    module: new URL('./cluster-ping.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'leave'],
    summary: 'Moves a node\'s agents to other nodes, and takes it out of the cluster.',
    options: [
      { name: 'drain', value: 'DURATION', doc: 'How long moving the agents may take; 60s by default.' },
      { name: 'force', doc: 'Leaves although agents could not be moved, or this node stands in a minority.' },
    ],
    examples: [
      { type: 'caxton cluster leave', does: 'Takes the node on this machine out; its server runs on until it is stopped.' },
      { type: 'caxton cluster leave --server 127.0.0.3:50051 --drain 5m', does: 'Takes another one out, and gives it five minutes.' },
    ],
    module: new URL('./cluster-leave.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'remove'],
    summary: 'Forgets a node that is dead: it counts in no majority any more.',
    arguments: [{ name: 'NODE', doc: 'Its name.', required: true }],
    options: [{ name: 'force', doc: 'Also one that is alive, and also where the node that is asked stands in a minority.' }],
    examples: [
      { type: 'caxton cluster remove node-3', does: 'Forgets a node that will not come back.' },
      { type: 'caxton cluster remove node-3 --force', does: 'The same when most nodes are gone for good.' },
    ],
    module: new URL('./cluster-remove.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'rejoin'],
    summary: 'Joins the cluster anew when nodes do not find one another by themselves.',
    arguments: [{
      name: 'SEED', repeatable: true,
      doc: 'A node to join through, `host[:port]`; by default those of the configuration and all members.',
    }],
    examples: [
      { type: 'caxton cluster rejoin', does: 'Joins through the seeds of the configuration and all members that are known.' },
      { type: 'caxton cluster rejoin 127.0.0.2:7946', does: 'Joins through this node.' },
    ],
    module: new URL('./cluster-rejoin.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'rebalance'],
    summary: 'Moves the fewest agents after which all nodes have equally many.',
    options: [{ name: 'dry-run', doc: 'Only says what would be moved.' }],
    examples: [
      { type: 'caxton cluster rebalance --dry-run', does: 'Shows which agents would move.' },
      { type: 'caxton cluster rebalance', does: 'Moves them, with their state.' },
    ],
    module: new URL('./cluster-rebalance.js', import.meta.url).href,
  },
]
