import {
  aclOfMessage, DELIVERY, LATEST_REPLY_BY, messageOfAcl, parseAct, PRIORITY, type AclMessage, type FipaMessage,
} from '../../contract/index.js'
import { decodeFrame, type FrameDraft, type FrameFields, type ReadFrame } from './frame.js'
import { fieldsOf, messageOfFrame, type NameOf } from './frame-message.js'
import { MessageInvalid } from '../routing-errors.js'

/** Longest text in any parameter but the content, in bytes of UTF-8. */
const PARAMETER_BYTES = 1_024
/** Longest set of agents in the string form, in bytes, and most receivers of one message. */
const AGENT_SET_BYTES = 16_384
const RECEIVERS = 100
/** Most user parameters of one message. */
const USER_PARAMETERS = 32

const USER_NAME = /^X-[\x21-\x7e]{1,253}$/i

/** A message from outside, as far as it does not depend on whom it goes to. */
export interface MessageDraft extends Pick<FrameDraft, 'act' | 'deadline' | 'fields' | 'content'> {
  /** Names of all receivers, each once; none where the message goes elsewhere. */
  readonly receivers: readonly string[]
}

/**
 * Reads a message from outside (FIPA SC00061G) into the parts of a frame; the receivers are resolved by the caller of
 * this. Throws `MESSAGE_INVALID` with the parameter's name.
 */
export function draftOf (acl: AclMessage): MessageDraft {
  if (parseAct(acl.performative) === undefined) {
    const problem = `"${acl.performative.slice(0, 64)}" is not one of the 22 FIPA acts`
    throw MessageInvalid({ parameter: 'performative', problem })
  }
  if (acl.replyBy < 0n || acl.replyBy > LATEST_REPLY_BY) {
    throw MessageInvalid({ parameter: 'reply-by', problem: 'it is not a time from 1970 to 9999 in milliseconds since 1970' })
  }
  const message = messageOfAcl(acl)
  const { performative: act, replyBy: deadline, content } = message
  checkUser(message.user)
  const fields = fieldsOf(message)
  checkFields(fields)
  return { act, deadline, fields, content, receivers: receiversOf(message) }
}

/** Writes a frame for the outside world. `receiver` is whom this copy goes to, whoever else got one. */
export function aclOf (frame: Uint8Array, nameOf: NameOf): AclMessage {
  const read = decodeFrame(frame)
  const acl = aclOfMessage(messageOfFrame(read, nameOf))
  acl.receiver = nameOf(read.receiver.handle) ?? 'unknown'
  if (acl.conversationId === '') acl.conversationId = conversationText(read.conversation)
  return acl
}

/** How a message was sent, for people and programs outside. */
export const shownTerms = ({ priority, delivery, expires }: ReadFrame) =>
  ({ priority: PRIORITY[priority] ?? '', delivery: DELIVERY[delivery] ?? '', expiresAt: BigInt(expires) })

/** A conversation's id where its initiator gave it none; empty for no conversation. */
export const conversationText = (conversation: bigint): string =>
  conversation === 0n ? '' : `c${conversation.toString(16)}`

function receiversOf ({ receivers }: FipaMessage): readonly string[] {
  const names = [...new Set(receivers.map(({ name }) => name))]
  if (names.includes('')) throw MessageInvalid({ parameter: 'receiver', problem: 'it is missing' })
  if (names.length > RECEIVERS) throw MessageInvalid({ parameter: 'receiver', problem: `more than ${RECEIVERS} receivers` })
  return names
}

function checkUser (user: Readonly<Record<string, string>>): void {
  const parameters = Object.entries(user)
  if (parameters.length > USER_PARAMETERS) {
    throw MessageInvalid({ parameter: 'user', problem: `more than ${USER_PARAMETERS} user parameters` })
  }
  for (const [name, value] of parameters) {
    if (!USER_NAME.test(name)) {
      const problem = 'names of user parameters are "X-" and then 1 to 253 printable ASCII characters'
      throw MessageInvalid({ parameter: name.slice(0, 64), problem })
    }
    checkText(name, value, PARAMETER_BYTES)
  }
}

function checkFields (fields: FrameFields): void {
  for (const [name, text] of Object.entries(fields)) {
    if (typeof text !== 'string') continue
    checkText(name, text, name === 'receivers' || (name === 'replyTo' && text.startsWith('(')) ? AGENT_SET_BYTES : PARAMETER_BYTES)
  }
}

function checkText (parameter: string, text: string, most: number): void {
  if (Buffer.byteLength(text) > most) throw MessageInvalid({ parameter, problem: `longer than ${most} bytes` })
  if (text.includes('\0')) throw MessageInvalid({ parameter, problem: 'contains a zero byte' })
}
