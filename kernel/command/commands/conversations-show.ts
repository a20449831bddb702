import type { RunCommand } from '../../contract/command.js'
import { Conversations, type TranscriptMessage } from '../../contract/proto/caxton/v1/conversations_pb.js'
import { textOfBytes } from './answer-data.js'
import { conversationJson } from './conversation-json.js'
import { conversationFields } from './conversation-text.js'
import { argument } from './input-words.js'
import { timeText } from './moment-text.js'
import { askServer } from './server-call.js'

/** `caxton conversations show` */
export const run: RunCommand = async context => {
  const { conversation } = await askServer(context, Conversations.method.show, { id: argument(context.input, 'ID') })
  if (conversation === undefined) return 1
  const said = conversation.transcript.map(message => ['said', saidLine(message)] as const)
  const fields = conversationFields(conversation, context.clock.now())
  context.terminal.record([...fields, ...said], { conversation: conversationJson(conversation) })
  return 0
}

/** `14:03:07.123 buyer → seller-1  cfp  {"item":"chair"}`, with `…` when the content goes on. */
function saidLine ({ at, sender, receiver, performative, content, contentBytes }: TranscriptMessage): string {
  const text = textOfBytes(content) ?? `(${contentBytes} bytes)`
  return `${timeText(at)} ${sender} → ${receiver}  ${performative}  ${text}${content.length < contentBytes ? ' …' : ''}`
}
