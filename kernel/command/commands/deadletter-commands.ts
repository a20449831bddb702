import type { Command, CommandOption } from '../../contract/command.js'
import { FILTER_OPTIONS } from './deadletter-filter.js'

const SOME = [{ name: 'ID', doc: 'The letters, by their ids; at most 100.', repeatable: true }]
const CHANGING: readonly CommandOption[] = [
  ...FILTER_OPTIONS,
  { name: 'all', doc: 'All letters; needs `--yes` as well.' },
  { name: 'dry-run', doc: 'Only counts.' },
  { name: 'yes', short: 'y', doc: 'Really all of them.' },
]

/** Commands for messages that could not be delivered. */
export const deadLetterCommands: readonly Command[] = [
  {
    path: ['deadletters', 'list'],
    summary: 'Lists messages that could not be delivered, newest first.',
    options: [{ name: 'limit', value: 'COUNT', doc: 'At most this many; 100 by default.' }, ...FILTER_OPTIONS],
    examples: [
      { type: 'caxton deadletters list --limit 20', does: 'Shows the latest 20, each with the reason.' },
      { type: 'caxton deadletters list --agent clerk --reason MAILBOX_FULL', does: 'Shows what a full mailbox kept from "clerk".' },
    ],
    module: new URL('./deadletters-list.js', import.meta.url).href,
  },
  {
    path: ['deadletters', 'show'],
    summary: 'Shows a message that could not be delivered, with everything it says.',
    arguments: [{ name: 'ID', doc: 'The letter, as `deadletters list` names it.', required: true }],
    examples: [{ type: 'caxton deadletters show 019ab4c6d7e8-000001', does: 'Shows one letter.' }],
    module: new URL('./deadletters-show.js', import.meta.url).href,
  },
  {
    path: ['deadletters', 'replay'],
    summary: 'Sends messages that could not be delivered once more, oldest first.',
    arguments: SOME,
    options: CHANGING,
    examples: [
      { type: 'caxton deadletters replay 019ab4c6d7e8-000001', does: 'Sends one letter again.' },
      { type: 'caxton deadletters replay --agent clerk --dry-run', does: 'Says how many letters to or from "clerk" would be sent.' },
    ],
    module: new URL('./deadletters-replay.js', import.meta.url).href,
  },
  {
    path: ['deadletters', 'purge'],
    summary: 'Deletes messages that could not be delivered.',
    arguments: SOME,
    options: CHANGING,
    examples: [
      { type: 'caxton deadletters purge --older-than 7d', does: 'Deletes what failed more than a week ago.' },
      { type: 'caxton deadletters purge --all --yes', does: 'Deletes all letters.' },
    ],
    module: new URL('./deadletters-purge.js', import.meta.url).href,
  },
]
