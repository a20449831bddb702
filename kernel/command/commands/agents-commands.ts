import type { Command, CommandArgument } from '../../contract/command.js'

const AGENT: CommandArgument = { name: 'AGENT', doc: 'Name of the agent.', required: true }

/** Commands for deploying agents and looking after them. */
export const agentsCommands: readonly Command[] = [
  {
    path: ['agents', 'deploy'],
    summary: 'Deploys a WebAssembly module as an agent.',
    arguments: [{ name: 'FILE', doc: 'The compiled module, `.wasm`.', required: true }],
    options: [
      {
        name: 'name', short: 'n', value: 'NAME',
        doc: 'Name of the agent; by default the file\'s name without its ending.',
      },
      {
        name: 'allow', value: 'PERMISSION', repeatable: true,
        doc: 'Lets the agent do this besides the usual, which is all but `call`. A part: `send:shop-*`, `publish:prices.*`, `call:ledger`.',
      },
      { name: 'deny', value: 'PERMISSION', doc: 'Does not let the agent do this: `send`, `random`, `timer` and so on.', repeatable: true },
      {
        name: 'config', value: 'FILE',
        doc: 'File whose bytes are handed to the agent when it starts. At most 64 KiB.',
      },
      { name: 'config-text', value: 'TEXT', doc: 'The same, as a text.' },
      { name: 'memory', value: 'SIZE', doc: 'Most memory it may have, such as `16MiB`.' },
      { name: 'fuel', value: 'UNITS', doc: 'Most work it may do for one message.' },
      {
        name: 'signature', value: 'FILE',
        doc: 'The signature of the module, by `caxton agents sign`; by default what lies beside it, `FILE.sig`, if it is there.',
      },
      { name: 'message-rate', value: 'COUNT', doc: 'Most messages that it may send in a second; twice as many at once.' },
      { name: 'log-rate', value: 'LINES', doc: 'Most lines that it may log in a second.' },
      { name: 'replace', doc: 'Puts a new version in the place of an agent of this name if its module or settings differ.' },
      {
        name: 'strategy', value: 'HOW',
        doc: 'How: `graceful` (default) or `immediate` hand the state over; `blue-green`, `canary`, `shadow` run two instances.',
      },
      {
        name: 'drain', value: 'DURATION',
        doc: 'How long the old version may take for what waits; 30s by default. With `graceful`.',
      },
      { name: 'share', value: 'PERCENT', doc: 'Share of conversations that a canary gets; 10 by default.' },
      { name: 'max-errors', value: 'PERCENT', doc: 'A canary is rolled back when more of its messages fail; 5 by default.' },
      {
        name: 'max-p99', value: 'DURATION',
        doc: 'A canary is rolled back when 99 % of its messages take longer than this; 100ms by default.',
      },
      { name: 'window', value: 'DURATION', doc: 'Time over which a canary is judged; 1m by default.' },
      {
        name: 'linger', value: 'DURATION',
        doc: 'How long a version that gets nothing new is kept for its open conversations at most; 10m by default.',
      },
      { name: 'group', value: 'GROUP', doc: 'Supervision group: its members are restarted together, as its strategy says.' },
      {
        name: 'group-strategy', value: 'HOW',
        doc: 'Who restarts when a member misbehaves: `one-for-one` (default), `one-for-all`, or `rest-for-one` (it and the later ones).',
      },
      { name: 'group-order', value: 'NUMBER', doc: 'Place among the members, which are restarted in this order; 0 by default.' },
      {
        name: 'delivery', value: 'MODE',
        doc: 'How messages for it are delivered at least: `at-most-once`, `at-least-once` or `exactly-once`.',
      },
      {
        name: 'placement', value: 'HOW',
        doc: 'In a cluster: where the fewest agents are (`least-loaded`, the default), or in as many zones as there are (`spread`).',
      },
      { name: 'node', value: 'NODE', doc: 'In a cluster: on this node, or nowhere. It is not moved away from there.' },
      {
        name: 'prefer', value: 'NODES',
        doc: 'In a cluster: on the first of these nodes, as `a,b`, that lives; if none does, where the fewest agents are.',
      },
      {
        name: 'replicas', value: 'COUNT',
        doc: 'Deploys so many, called NAME-1, NAME-2 and so on, on different nodes as far as there are; all of them or none.',
      },
    ],
    examples: [
      { type: 'caxton agents deploy echo.wasm', does: 'Deploys the agent "echo".' },
      {
        type: 'caxton agents deploy build/agent.wasm --name clerk --replace',
        does: 'Deploys the agent "clerk", or its new version.',
      },
      {
        type: 'caxton agents deploy clerk.wasm --replace --strategy canary --share 5',
        does: 'Tries the new version on every twentieth conversation.',
      },
      {
        type: 'caxton agents deploy clerk.wasm --allow call --memory 4MiB',
        does: 'Lets it call tools, with at most 4 MiB of memory.',
      },
      {
        type: 'caxton agents deploy clerk.wasm --allow \'send:shop-*\' --deny random',
        does: 'Lets it write to agents whose names begin with "shop-" and to nobody else, and not draw lots.',
      },
      {
        type: 'caxton agents deploy worker.wasm --replicas 3 --placement spread',
        does: 'Deploys "worker-1" to "worker-3" in different zones of the cluster.',
      },
    ],
    module: new URL('./agents-deploy.js', import.meta.url).href,
  },
  {
    path: ['agents', 'list'],
    summary: 'Lists the agents, in a cluster those of all nodes.',
    options: [
      { name: 'prefix', value: 'TEXT', doc: 'Only names that begin with this.' },
      { name: 'limit', value: 'COUNT', doc: 'At most this many; 1000 by default.' },
      { name: 'after', value: 'NAME', doc: 'Only names after this one: the next page.' },
      { name: 'names', doc: 'Only the names, one a line.' },
      { name: 'by-node', doc: 'Sorts them by the node that hosts them, and counts them.' },
      { name: 'node', value: 'NODE', doc: 'Only those of this node.' },
    ],
    examples: [
      { type: 'caxton agents list', does: 'Shows every agent with its state and counters.' },
      { type: 'caxton agents list --by-node', does: 'Shows which node hosts which agent.' },
      { type: 'caxton agents list --prefix shop- --output json', does: 'Gives the agents of one shop to a program.' },
    ],
    module: new URL('./agents-list.js', import.meta.url).href,
  },
  {
    path: ['agents', 'inspect'],
    summary: 'Shows everything about one agent.',
    arguments: [AGENT],
    examples: [
      { type: 'caxton agents inspect echo', does: 'Shows state, limits, permissions and counters of "echo".' },
    ],
    module: new URL('./agents-inspect.js', import.meta.url).href,
  },
  {
    path: ['agents', 'logs'],
    summary: 'Shows what an agent logged.',
    arguments: [AGENT],
    options: [
      { name: 'follow', short: 'f', doc: 'Goes on with new lines until Ctrl-C.' },
      { name: 'lines', value: 'COUNT', doc: 'How many of the latest lines; 100 by default.' },
    ],
    examples: [
      { type: 'caxton agents logs echo', does: 'Shows the latest 100 lines.' },
      { type: 'caxton agents logs echo --follow --lines 10', does: 'Shows 10 lines, and each new one as it comes.' },
    ],
    module: new URL('./agents-logs.js', import.meta.url).href,
  },
  {
    path: ['agents', 'start'],
    summary: 'Starts an agent that was stopped, failed, or was quarantined for what it did itself.',
    arguments: [AGENT],
    examples: [{ type: 'caxton agents start echo', does: 'Starts "echo" again.' }],
    module: new URL('./agents-start.js', import.meta.url).href,
  },
  {
    path: ['agents', 'stop'],
    summary: 'Stops an agent; it stays deployed.',
    arguments: [AGENT],
    options: [{ name: 'drain', value: 'DURATION', doc: 'How long waiting messages may still take; 30s by default.' }],
    examples: [{ type: 'caxton agents stop echo', does: 'Lets "echo" handle what it has, then stops it.' }],
    module: new URL('./agents-stop.js', import.meta.url).href,
  },
  {
    path: ['agents', 'promote'],
    summary: 'Ends a roll-out in favour of the new version.',
    arguments: [AGENT],
    examples: [{ type: 'caxton agents promote echo', does: 'Gives the new version of "echo" all that begins.' }],
    module: new URL('./agents-promote.js', import.meta.url).href,
  },
  {
    path: ['agents', 'rollback'],
    summary: 'Ends a roll-out in favour of the old version.',
    arguments: [AGENT],
    examples: [{ type: 'caxton agents rollback echo', does: 'Gives the old version of "echo" all that begins.' }],
    module: new URL('./agents-rollback.js', import.meta.url).href,
  },
  {
    path: ['agents', 'quarantine'],
    summary: 'Ends an agent at once and keeps it from starting until it is released.',
    arguments: [AGENT],
    options: [{ name: 'reason', value: 'TEXT', doc: 'Why, for whoever looks at it later.' }],
    examples: [
      {
        type: 'caxton agents quarantine clerk --reason incident-17',
        does: 'Ends "clerk" without another word; nobody can start or replace it.',
      },
    ],
    module: new URL('./agents-quarantine.js', import.meta.url).href,
  },
  {
    path: ['agents', 'release'],
    summary: 'Lets a quarantined agent go, and starts it unless it was stopped.',
    arguments: [AGENT],
    examples: [{ type: 'caxton agents release clerk', does: 'Starts "clerk" again.' }],
    module: new URL('./agents-release.js', import.meta.url).href,
  },
  {
    path: ['agents', 'remove'],
    summary: 'Stops an agent and forgets it.',
    arguments: [AGENT],
    examples: [{ type: 'caxton agents remove echo', does: 'Removes "echo" for good.' }],
    module: new URL('./agents-remove.js', import.meta.url).href,
  },
]
