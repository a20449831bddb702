import { ConversationSchema, type Conversation } from '../../contract/proto/caxton/v1/conversations_pb.js'
import { jsonOf, textOfBytes, type JsonObject } from './answer-data.js'

/** A conversation for programs: contents are text in `content`, or base64 in `contentBase64` when they are no UTF-8. */
export function conversationJson (conversation: Conversation | undefined): JsonObject {
  if (conversation === undefined) return {}
  const transcript = conversation.transcript.map(({ at, sender, receiver, performative, content, contentBytes }) => {
    const text = textOfBytes(content)
    return {
      at: String(at), sender, receiver, performative, contentBytes,
      ...(text === undefined ? { contentBase64: Buffer.from(content).toString('base64') } : { content: text }),
    }
  })
  return { ...jsonOf(ConversationSchema, conversation), transcript }
}
