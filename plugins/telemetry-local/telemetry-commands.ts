import type { Command } from '../../kernel/contract/index.js'

/** Commands for what was recorded, for the plugin's `commands`. */
export const telemetryCommands: readonly Command[] = [
  {
    path: ['trace'],
    summary: 'Shows what happened in a conversation: who did what, where, when and for how long.',
    arguments: [{ name: 'id', doc: 'Of a conversation, a trace or a message. Without one: the latest traces of the node.' }],
    options: [
      { name: 'last', value: 'COUNT', doc: 'Without an id: how many traces; 20 by default.' },
      { name: 'attributes', doc: 'Shows all that is known of each step.' },
    ],
    examples: [
      { type: 'caxton trace', does: 'Lists the traces that the node recorded lately.' },
      { type: 'caxton trace c100000a0f4d1b2', does: 'Shows the tree of a conversation, gathered from all nodes.' },
      {
        type: 'caxton trace 4bf92f3577b34da6a3ce929d0e0e4736 --attributes',
        does: 'Shows a trace, by the id that is shown with an error, with all details.',
      },
    ],
    module: new URL('./commands/trace-command.js', import.meta.url).href,
  },
  {
    path: ['logs'],
    summary: 'Shows the log of the node.',
    options: [
      { name: 'follow', short: 'f', doc: 'Goes on with the lines to come, until Ctrl-C.' },
      { name: 'level', value: 'LEVEL', doc: 'Lines of this level and above: `debug`, `info`, `warn` or `error`.' },
      { name: 'part', value: 'NAME', doc: 'Lines of a part or plugin; `*` stands for anything: `kernel-*`.' },
      { name: 'trace', value: 'ID', doc: 'Lines of one call, by the trace id that is shown with an error.' },
      { name: 'since', value: 'WHEN', doc: 'From then on: a date such as 2030-01-31T12:00:00Z, or how long ago, such as `15m`.' },
      { name: 'last', value: 'COUNT', doc: 'How many lines, the last ones; 100 by default, with `--since` all; 0 for all.' },
    ],
    examples: [
      { type: 'caxton logs --follow', does: 'Shows the last hundred lines, and then each line as it is written.' },
      { type: 'caxton logs --level warn --since 24h', does: 'Shows what went wrong within a day.' },
      { type: 'caxton logs --trace 4bf92f3577b34da6a3ce929d0e0e4736', does: 'Shows the whole story of an error.' },
    ],
    module: new URL('./commands/logs-command.js', import.meta.url).href,
  },
  {
    path: ['metrics-history'],
    summary: 'Shows how a metric went.',
    arguments: [{ name: 'name', doc: 'Name of the metric, as `caxton metrics` shows it.', required: true }],
    options: [{ name: 'since', value: 'WHEN', doc: 'From then on: a date, or how long ago; `1h` by default.' }],
    examples: [
      {
        type: 'caxton metrics-history caxton_messages_processed_total --since 15m',
        does: 'Shows its values of the last quarter of an hour.',
      },
    ],
    module: new URL('./commands/metrics-history-command.js', import.meta.url).href,
  },
]
