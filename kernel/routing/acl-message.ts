import { create } from '@bufbuild/protobuf'
import { AclMessageSchema, parseAct, type AclMessage } from '../contract/index.js'
import { decodeFrame, type FrameDraft, type FrameFields, type ReadFrame } from './frame.js'
import { MessageInvalid } from './routing-errors.js'

/** Longest text in any parameter but the content, in bytes of UTF-8. */
const PARAMETER_BYTES = 1_024
/** The latest moment that a date can be, in milliseconds since the Unix epoch (ECMA-262, "Time Values and Time Range"). */
const LATEST = 8_640_000_000_000_000n
/** Most user parameters of one message. */
const USER_PARAMETERS = 32

const TEXTS = ['protocol', 'language', 'encoding', 'ontology', 'conversationId', 'replyWith', 'inReplyTo', 'replyTo', 'mediaType'] as const

/** Name of a handle's owner, for people and programs outside. */
export type NameOf = (handle: number) => string | undefined

/**
 * Reads a message from outside (FIPA SC00061G) into the parts of a frame; the receiver is resolved by the caller of this.
 * Throws `MESSAGE_INVALID` with the parameter's name.
 */
export function draftOf (message: AclMessage): Pick<FrameDraft, 'act' | 'deadline' | 'fields' | 'content'> {
  const act = parseAct(message.performative)
  if (act === undefined) throw MessageInvalid({ parameter: 'performative', problem: `"${message.performative}" is not one of the 22 FIPA acts` })
  if (message.replyBy < 0n || message.replyBy > LATEST) {
    throw MessageInvalid({ parameter: 'replyBy', problem: `${message.replyBy} is no time in milliseconds since 1970` })
  }
  const texts = Object.fromEntries(TEXTS.map(name => [name, bounded(name, message[name])]).filter(([, text]) => text !== ''))
  const user = Object.entries(message.user)
  if (user.length > USER_PARAMETERS) throw MessageInvalid({ parameter: 'user', problem: `more than ${USER_PARAMETERS} user parameters` })
  for (const [name, value] of user) {
    if (!/^X-[\x21-\x7e]{1,253}$/i.test(name)) throw MessageInvalid({ parameter: name, problem: 'names of user parameters begin with "X-"' })
    bounded(name, value)
  }
  return { act, deadline: Number(message.replyBy), fields: { ...texts, user: message.user } satisfies FrameFields, content: message.content }
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
export const conversationText = (conversation: bigint): string => conversation === 0n ? '' : `c${conversation.toString(16)}`

function bounded (parameter: string, text: string): string {
  if (Buffer.byteLength(text) > PARAMETER_BYTES) throw MessageInvalid({ parameter, problem: `longer than ${PARAMETER_BYTES} bytes` })
  if (text.includes('\0')) throw MessageInvalid({ parameter, problem: 'contains a zero byte' })
  return text
}
