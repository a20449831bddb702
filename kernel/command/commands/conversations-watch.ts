import type { RunCommand } from '../../contract/command.js'
import { Conversations, type Conversation } from '../../contract/proto/caxton/v1/conversations_pb.js'
import { conversationJson } from './conversation-json.js'
import { conversationState, participantsText } from './conversation-text.js'
import { timeText } from './moment-text.js'

/** `caxton conversations watch` */
export const run: RunCommand = async context => {
  const { terminal, signal } = context
  const connector = await context.connect()
  const agents = [...context.input.arguments['AGENT'] ?? []]
  if (terminal.interactive) terminal.say('watching; Ctrl-C ends it')
  for await (const { conversation, skipped } of connector.serverStream(Conversations.method.watch, { agents }, signal)) {
    if (terminal.output === 'human' && skipped > 0n) terminal.say(`${skipped} changes were not shown: there were too many`)
    if (conversation === undefined) continue
    terminal.item(changeLine(conversation), { conversation: conversationJson(conversation), skipped: String(skipped) })
  }
  signal.throwIfAborted()
  return 0
}

/** `14:03:07.123 c10000050000002a fipa-contract-net  buyer → seller-1 (proposed), seller-2 (refused)  open` */
export function changeLine (conversation: Conversation): string {
  const { activeAt, id, protocol, initiator } = conversation
  const road = `${initiator} → ${participantsText(conversation)}`
  return `${timeText(activeAt)} ${id} ${protocol || '-'}  ${road}  ${conversationState(conversation)}`
}
