import { toJson, type DescMessage, type MessageShape } from '@bufbuild/protobuf'
import { messageOfAcl } from '../../contract/acl/acl-message-parts.js'
import { writeMessageJson } from '../../contract/acl/message-json.js'
import type { AclMessage } from '../../contract/proto/caxton/v1/messages_pb.js'

/** A value of JSON with named members. */
export type JsonObject = { readonly [name: string]: unknown }

/** The canonical JSON form of an answer (https://protobuf.dev/programming-guides/json) with every field present. */
export function jsonOf<D extends DescMessage> (schema: D, message: MessageShape<D>): JsonObject {
  const json = toJson(schema, message, { alwaysEmitImplicit: true })
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {}
}

/** The text of bytes that are UTF-8, or undefined. */
export function textOfBytes (bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** A message for programs, in its JSON form; `receiver` is whom this copy went to. */
export const messageJson = (message: AclMessage): JsonObject =>
  ({ ...writeMessageJson(messageOfAcl(message)), receiver: message.receiver })

/** The content of a message for people: its text, or how many bytes it has. */
export function contentText (message: AclMessage): string {
  return textOfBytes(message.content) ?? `(${message.content.length} bytes)`
}
