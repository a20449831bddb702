import type { Command } from '../../contract/command.js'

/** Commands for whoever looks for a fault in a running server. */
export const diagnosticsCommands: readonly Command[] = [
  {
    path: ['log-level'],
    summary: 'Shows or changes what a running server logs, until it is restarted.',
    arguments: [
      { name: 'PART', doc: 'A part of the kernel or a plugin, as its lines are marked; `all` for all.' },
      { name: 'LEVEL', doc: '`debug`, `info`, `warn` or `error`: lines below it are not made.' },
    ],
    options: [{ name: 'reset', doc: 'Goes back to what the configuration says.' }],
    examples: [
      { type: 'caxton log-level', does: 'Shows each part with its level.' },
      { type: 'caxton log-level cluster-swim debug', does: 'Lets one part tell everything.' },
      { type: 'caxton log-level all warn', does: 'Lets all parts tell only what is wrong.' },
      { type: 'caxton log-level all --reset', does: 'Goes back to `log.level` for all.' },
    ],
    module: new URL('./log-level.js', import.meta.url).href,
  },
  {
    path: ['debug', 'bundle'],
    summary: 'Writes everything that helps to find a fault into one file, without secrets.',
    options: [{ name: 'file', value: 'FILE', doc: 'Where to; `caxton-debug-NODE-TIME.tar.gz` in this folder by default.' }],
    examples: [
      { type: 'caxton debug bundle', does: 'Writes configuration, versions, plugins, health, metrics, log, agents and threads.' },
      { type: 'caxton debug bundle --file fault.tar.gz', does: 'The same into another file; manifest.json in it says what is there.' },
    ],
    module: new URL('./debug-bundle.js', import.meta.url).href,
  },
]
