import type { Column, RunCommand } from '../../contract/command.js'
import { Conversations, type Conversation } from '../../contract/proto/caxton/v1/conversations_pb.js'
import { wholeNumber } from '../line/values.js'
import { conversationJson } from './conversation-json.js'
import { conversationState, dueText, nextDue, participantsText } from './conversation-text.js'
import { isSet, option } from './input-words.js'
import { spanText } from './moment-text.js'
import { askServer } from './server-call.js'

/** `caxton conversations list` */
export const run: RunCommand = async context => {
  const { input, terminal, clock } = context
  const ended = isSet(input, 'ended')
  const { conversations } = await askServer(context, Conversations.method.list, {
    agent: option(input, 'agent') ?? '',
    protocol: option(input, 'protocol') ?? '',
    ended,
    limit: wholeNumber('`--limit`', option(input, 'limit') ?? '100', 1, 1_000),
  })
  const data = { conversations: conversations.map(conversation => conversationJson(conversation)) }
  terminal.table(conversations, columns(clock.now()), data)
  if (terminal.output === 'human' && conversations.length === 0) {
    terminal.say(ended ? 'no conversations' : 'no open conversations; those that ended lately are shown with --ended')
  }
  return 0
}

/** Numbers stand to the right, and so do ids: they are not cut. */
const columns = (now: number): ReadonlyArray<Column<Conversation>> => [
  { heading: 'ID', text: ({ id }) => id, right: true },
  { heading: 'PROTOCOL', text: ({ protocol }) => protocol || '-' },
  { heading: 'INITIATOR', text: ({ initiator }) => initiator },
  { heading: 'PARTICIPANTS', text: participantsText },
  { heading: 'STATE', text: conversationState },
  { heading: 'SILENT', text: ({ activeAt }) => spanText(now - Number(activeAt)), right: true },
  { heading: 'DUE', text: conversation => dueText(nextDue(conversation), now), right: true },
]
