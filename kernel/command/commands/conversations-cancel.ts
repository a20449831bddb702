import type { RunCommand } from '../../contract/command.js'
import { Conversations } from '../../contract/proto/caxton/v1/conversations_pb.js'
import { conversationJson } from './conversation-json.js'
import { conversationFields } from './conversation-text.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton conversations cancel` */
export const run: RunCommand = async context => {
  const { conversation } = await askServer(context, Conversations.method.cancel, { id: argument(context.input, 'ID') })
  if (conversation === undefined) return 1
  context.terminal.record(conversationFields(conversation, context.clock.now()), { conversation: conversationJson(conversation) })
  if (context.terminal.output === 'human' && conversation.end === '') {
    context.terminal.say('the participants were told; it ends when they have answered')
  }
  return 0
}
