import { create } from '@bufbuild/protobuf'
import { AclMessageSchema, parseAct, type AclMessage } from '../contract/index.js'
import { decodeFrame, type FrameDraft, type ReadFrame } from './frame.js'
import { MessageInvalid } from './routing-errors.js'

/** Longest text in any parameter but the content, in bytes of UTF-8. */
const PARAMETER_BYTES = 1_024
/** Most user parameters of one message. */
const USER_PARAMETERS = 32
/** Latest time that a date can hold, in milliseconds since the Unix epoch (ECMA-262 §21.4.1.1). */
const LATEST = 8.64e15

const TEXTS = [
  'protocol', 'language', 'encoding', 'ontology', 'conversationId', 'replyWith', 'inReplyTo', 'replyTo', 'mediaType',
] as const

const USER_NAME = /^X-[\x21-\x7e]{1,253}$/i

/** Name of a handle's owner, for people and programs outside. */
export type NameOf = (handle: number) => string | undefined

/**
 * Reads a message from outside (FIPA SC00061G) into the parts of a frame; the receiver is resolved by the caller of
 * this. Throws `MESSAGE_INVALID` with the parameter's name.
 */
export function draftOf (message: AclMessage): Pick<FrameDraft, 'act' | 'deadline' | 'fields' | 'content'> {
  const act = parseAct(message.performative)
  if (act === undefined) {
    const problem = `"${message.performative.slice(0, 64)}" is not one of the 22 FIPA acts`
    throw MessageInvalid({ parameter: 'performative', problem })
  }
  const texts: Partial<Record<typeof TEXTS[number], string>> = {}
  for (const name of TEXTS) if (message[name] !== '') texts[name] = bounded(name, message[name])
  const user = Object.entries(message.user)
  if (user.length > USER_PARAMETERS) {
    throw MessageInvalid({ parameter: 'user', problem: `more than ${USER_PARAMETERS} user parameters` })
  }
  for (const [name, value] of user) {
    if (!USER_NAME.test(name)) {
      const problem = 'names of user parameters are "X-" and then 1 to 253 printable ASCII characters'
      throw MessageInvalid({ parameter: name.slice(0, 64), problem })
    }
    bounded(name, value)
  }
  const deadline = Number(message.replyBy)
  if (deadline < 0 || deadline > LATEST) {
    throw MessageInvalid({ parameter: 'reply-by', problem: 'it is not a time in milliseconds since 1970' })
  }
  return { act, deadline, fields: { ...texts, user: message.user }, content: message.content }
}

/** Writes a frame for the outside world. */
export function aclOf (frame: Uint8Array, nameOf: NameOf): AclMessage {
  const read = decodeFrame(frame)
  const { user, to: _, ...texts } = read.fields
  return create(AclMessageSchema, {
    ...texts,
    conversationId: texts.conversationId ?? conversationText(read.conversation),
    performative: read.act,
    sender: nameOf(read.sender.handle) ?? 'unknown',
    receiver: nameOf(read.receiver.handle) ?? 'unknown',
    replyBy: BigInt(read.deadline),
    content: read.content,
    ...user === undefined ? {} : { user: { ...user } },
  })
}

/** A message's id as people see it; unique across nodes and restarts. */
export const messageIdText = ({ epoch, counter }: Pick<ReadFrame, 'epoch' | 'counter'>): string =>
  `${epoch.toString(16)}-${counter.toString(16)}`

/** A conversation's id where its initiator gave it none; empty for no conversation. */
export const conversationText = (conversation: bigint): string =>
  conversation === 0n ? '' : `c${conversation.toString(16)}`

function bounded (parameter: string, text: string): string {
  if (Buffer.byteLength(text) > PARAMETER_BYTES) {
    throw MessageInvalid({ parameter, problem: `longer than ${PARAMETER_BYTES} bytes` })
  }
  if (text.includes('\0')) throw MessageInvalid({ parameter, problem: 'contains a zero byte' })
  return text
}
