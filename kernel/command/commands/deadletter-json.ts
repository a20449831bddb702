import type { DeadLetter } from '../../contract/proto/caxton/v1/deadletters_pb.js'
import { messageJson, type JsonObject } from './answer-data.js'

/** A dead letter for programs, with the content of its message as text where it is text. */
export function letterJson ({ id, at, reason, message, traceId, priority, delivery, expiresAt }: DeadLetter): JsonObject {
  const content = message === undefined ? {} : { message: messageJson(message) }
  return { id, at: String(at), reason, ...content, traceId, priority, delivery, expiresAt: String(expiresAt) }
}
