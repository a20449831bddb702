import type { Command } from '../../contract/command.js'

/** Commands for finding out who offers what. */
export const capabilitiesCommands: readonly Command[] = [
  {
    path: ['capabilities', 'list'],
    summary: 'Lists what running agents offer.',
    options: [
      { name: 'prefix', value: 'TEXT', doc: 'Only names that begin with this.' },
      { name: 'agent', value: 'AGENT', doc: 'Only what this agent offers.' },
      { name: 'limit', value: 'COUNT', doc: 'At most this many; 1000 by default.' },
    ],
    examples: [
      { type: 'caxton capabilities list', does: 'Shows every capability with the agents that offer it.' },
      { type: 'caxton capabilities list --agent clerk', does: 'Shows what "clerk" offers.' },
    ],
    module: new URL('./capabilities-list.js', import.meta.url).href,
  },
  {
    path: ['capabilities', 'show'],
    summary: 'Shows everything about one capability.',
    arguments: [{ name: 'NAME', doc: 'The capability, if need be with a version: `sell@^1.2`.', required: true }],
    examples: [
      { type: 'caxton capabilities show sell', does: 'Shows who offers "sell", what it takes, gives and costs.' },
      { type: 'caxton capabilities show sell@2', does: 'Shows only versions 2.x.x.' },
    ],
    module: new URL('./capabilities-show.js', import.meta.url).href,
  },
  {
    path: ['capabilities', 'watch'],
    summary: 'Shows capabilities as they come and go.',
    arguments: [{ name: 'NAME', doc: 'Only this capability.' }],
    examples: [
      { type: 'caxton capabilities watch', does: 'Shows what is offered, then each change until Ctrl-C.' },
      { type: 'caxton capabilities watch sell --output json', does: 'Gives the changes of one to a program, a document a line.' },
    ],
    module: new URL('./capabilities-watch.js', import.meta.url).href,
  },
]
