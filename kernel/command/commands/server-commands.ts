import type { Command, CommandOption } from '../../contract/command.js'

const CONFIG: CommandOption = {
  name: 'config', value: 'FILE',
  doc: 'Configuration in TOML (CAXTON_CONFIG); an embedded one for development by default.',
}
const SET: CommandOption = {
  name: 'set', value: 'KEY=VALUE', repeatable: true,
  doc: 'Sets one key, such as `plugins.api-grpc.port=50052`; wins over file and environment.',
}
/** How a server becomes a node of a cluster. */
const CLUSTER: readonly CommandOption[] = [
  { name: 'bootstrap', doc: 'Begins a cluster: for its first node, once.' },
  { name: 'join', value: 'SEEDS', repeatable: true, doc: 'Joins the cluster of these nodes: `host[:port]`, with commas between.' },
  { name: 'cluster', doc: 'Joins the cluster of the nodes that the configuration names as seeds.' },
  { name: 'node-id', value: 'NAME', doc: 'Name of this node; that of the host by default.' },
]

/** Commands for the server itself. */
export const serverCommands: readonly Command[] = [
  {
    path: ['server', 'start'],
    summary: 'Starts a server and runs it until Ctrl-C.',
    options: [CONFIG, SET, ...CLUSTER],
    examples: [
      { type: 'caxton server start', does: 'Starts a server for development on this machine.' },
      { type: 'caxton server start --config prod.toml', does: 'Starts one as the file says.' },
      { type: 'caxton server start --set node.data_dir=/tmp/caxton', does: 'Changes one key for this run.' },
      { type: 'caxton server start --config cluster.toml --bootstrap', does: 'Starts the first node of a cluster.' },
      { type: 'caxton server start --config cluster.toml --join 10.0.0.1:7946', does: 'Starts another one, which joins it.' },
    ],
    module: new URL('./server-start.js', import.meta.url).href,
  },
  {
    path: ['server', 'check'],
    summary: 'Checks a configuration and its plugins without starting anything.',
    options: [CONFIG, SET, ...CLUSTER],
    examples: [{
      type: 'caxton server check --config prod.toml',
      does: 'Shows every problem at once, each with its remedy; exit code 78 if there is any.',
    }],
    module: new URL('./server-check.js', import.meta.url).href,
  },
  {
    path: ['server', 'status'],
    summary: 'Shows how a server does.',
    examples: [
      { type: 'caxton server status', does: 'Shows health, counters and ports of the server on this machine.' },
      {
        type: 'caxton server status --server node-2.example.com:50051 --ca ca.pem',
        does: 'Asks another one, over TLS.',
      },
    ],
    module: new URL('./server-status.js', import.meta.url).href,
  },
  {
    path: ['server', 'stop'],
    summary: 'Drains a server, stops it, and waits until it is gone.',
    options: [
      { name: 'no-wait', doc: 'Does not wait.' },
      { name: 'timeout', value: 'DURATION', doc: 'How long to wait; 60s by default.' },
    ],
    examples: [{ type: 'caxton server stop', does: 'Stops the server on this machine.' }],
    module: new URL('./server-stop.js', import.meta.url).href,
  },
  {
    path: ['plugins', 'list'],
    summary: 'Lists the plugins that a server runs.',
    examples: [{ type: 'caxton plugins list', does: 'Shows each plugin with its state and what it is for.' }],
    module: new URL('./plugins-list.js', import.meta.url).href,
  },
  {
    path: ['metrics'],
    summary: 'Shows the metrics of a server as they stand.',
    arguments: [{ name: 'PREFIX', doc: 'Only metrics whose name begins with this.' }],
    examples: [{ type: 'caxton metrics caxton_messages', does: 'Shows what is counted about messages.' }],
    module: new URL('./metrics.js', import.meta.url).href,
  },
]
