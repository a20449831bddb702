import type { Command } from '../../contract/command.js'

const ID = { name: 'ID', doc: 'The conversation, as `caxton conversations list` shows it.', required: true }

/** Commands for seeing and ending conversations. */
export const conversationCommands: readonly Command[] = [
  {
    path: ['conversations', 'list'],
    summary: 'Lists open conversations, the liveliest first.',
    options: [
      { name: 'agent', value: 'AGENT', doc: 'Only those in which it takes part; `caller` for callers of the API.' },
      { name: 'protocol', value: 'NAME', doc: 'Only those that follow this protocol.' },
      { name: 'ended', doc: 'Also those that ended lately, each with the cause.' },
      { name: 'limit', value: 'COUNT', doc: 'At most this many; 100 by default.' },
    ],
    examples: [
      { type: 'caxton conversations list --agent buyer', does: 'Shows what "buyer" negotiates, and with whom.' },
      { type: 'caxton conversations list --ended --limit 20', does: 'Shows the latest 20, with those that are over.' },
    ],
    module: new URL('./conversations-list.js', import.meta.url).href,
  },
  {
    path: ['conversations', 'show'],
    summary: 'Shows one conversation: its participants, their states and deadlines, what was said.',
    arguments: [ID],
    examples: [{ type: 'caxton conversations show c10000050000002a', does: 'Shows everything about one conversation.' }],
    module: new URL('./conversations-show.js', import.meta.url).href,
  },
  {
    path: ['conversations', 'watch'],
    summary: 'Shows conversations as they begin, change and end.',
    arguments: [{ name: 'AGENT', doc: 'Only those in which one of these agents takes part.', repeatable: true }],
    examples: [
      { type: 'caxton conversations watch', does: 'Shows every change until Ctrl-C, a line each.' },
      { type: 'caxton conversations watch buyer -o json', does: 'Gives the changes of one agent\'s conversations to a program.' },
    ],
    module: new URL('./conversations-watch.js', import.meta.url).href,
  },
  {
    path: ['conversations', 'cancel'],
    summary: 'Cancels an open conversation in the name of its initiator.',
    arguments: [ID],
    examples: [
      {
        type: 'caxton conversations cancel c10000050000002a',
        does: 'Tells the participants to stop, or ends it when its protocol knows no cancel.',
      },
    ],
    module: new URL('./conversations-cancel.js', import.meta.url).href,
  },
]
