import { create } from '@bufbuild/protobuf'
import {
  aclOfMessage, AclMessageSchema, messageOfAcl, readMessageText, writeMessageText, type AclMessage, type SendMessageRequest,
} from '../../contract/index.js'
import { MessageInvalid, MessageNotUnderstood } from '../routing-errors.js'

/** A message that is to be sent, in whichever form it came. Throws `MESSAGE_NOT_UNDERSTOOD` and `MESSAGE_INVALID`. */
export function askedMessage ({ message, acl }: Pick<SendMessageRequest, 'message' | 'acl'>, now: number): AclMessage {
  if (acl.length === 0) return message ?? create(AclMessageSchema)
  if (message !== undefined) throw MessageInvalid({ parameter: 'acl', problem: 'the message is given in two forms' })
  const read = readMessageText(acl, now)
  if (read.ok) return aclOfMessage(read.value)
  throw MessageNotUnderstood({ position: read.position, reason: read.reason })
}

/** The answers in the string form, where the message came in it. */
export const answersInForm = (acl: Uint8Array, answers: readonly AclMessage[]): Uint8Array[] =>
  acl.length === 0 ? [] : answers.map(answer => writeMessageText(messageOfAcl(answer)))
