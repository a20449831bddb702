import { actOfCode, FRAME_FLAGS, type Act } from '../contract/in-shard.js'
import { messageIdText } from './frames/message-id.js'
import { decodeFrame, encodeFrame, LONGEST_FIELD, type Address } from './frames/frame.js'
import { UNDELIVERABLE_SENTENCES, type Undeliverable } from './undeliverable.js'

/** What the platform says in a receiver's place. */
export type PlatformAnswer =
  | { readonly act: 'failure', readonly code: Undeliverable }
  | {
    readonly act: 'not-understood', readonly code: 'ACT_NOT_LEGAL'
    /** State of the conversation, and what would have been legal in it. */
    readonly state: string, readonly acts: readonly string[]
  }
  /** What a protocol says to an act that came too late. */
  | { readonly act: Act, readonly code: string, readonly reason: string }

/** What an answer says about its conversation. */
export interface AnsweredConversation {
  readonly id: bigint
  /** Name of its protocol. */
  readonly protocol: string | undefined
  readonly priority: number
}

const encoder = new TextEncoder()

/**
 * The frame that answers `frame` in the name of its receiver, so that it belongs to the same branch of the
 * conversation. The content is JSON with a stable `code` and a plain `reason`.
 */
export function answerTo (frame: Uint8Array, answer: PlatformAnswer): Uint8Array {
  const original = decodeFrame(frame)
  const { protocol, replyWith, conversationId } = original.fields
  return encodeFrame({
    act: answer.act,
    receiver: original.sender,
    sender: original.receiver,
    conversation: original.conversation,
    priority: original.priority,
    flags: FRAME_FLAGS.platform,
    fields: { ...fitting('protocol', protocol), ...fitting('conversationId', conversationId), ...fitting('inReplyTo', replyWith) },
    content: encoder.encode(JSON.stringify(contentOf(answer))),
  })
}

/** The frame in which one end of a conversation hears, in the name of the other, what became of it. `act`: its code. */
export function conversationNotice (
  sender: Address, receiver: Address, { id, protocol, priority }: AnsweredConversation, act: number, code: Undeliverable,
): Uint8Array {
  return encodeFrame({
    act: actOfCode(act) ?? 'failure',
    receiver,
    sender,
    conversation: id,
    priority,
    flags: FRAME_FLAGS.platform,
    fields: protocol === undefined ? {} : { protocol },
    content: encoder.encode(JSON.stringify(contentOf({ act: 'failure', code }))),
  })
}

/** What a receipt says: a durable message is on disk, or a message was handled. */
export type ReceiptWord = 'accepted' | 'handled'

/** The act of each, by which they are told apart, and the code in its content. */
export const RECEIPTS = {
  accepted: { act: 'agree', code: 'MESSAGE_ACCEPTED' }, handled: { act: 'inform', code: 'MESSAGE_HANDLED' },
} as const satisfies Record<ReceiptWord, { readonly act: Act, readonly code: string }>

/**
 * What tells the sender of `frame` that it was accepted, or handled. It names the conversation, so that the sender knows it by that,
 * and is no step of it: no protocol, and the flag that keeps it from being checked.
 */
export function receiptFor (frame: Uint8Array, word: ReceiptWord): Uint8Array {
  const { act, code } = RECEIPTS[word]
  const original = decodeFrame(frame)
  const { replyWith, conversationId } = original.fields
  return encodeFrame({
    act,
    receiver: original.sender,
    sender: original.receiver,
    conversation: original.conversation,
    priority: original.priority,
    flags: FRAME_FLAGS.platform | FRAME_FLAGS.receipt,
    fields: { ...fitting('conversationId', conversationId), ...fitting('inReplyTo', replyWith) },
    content: encoder.encode(JSON.stringify({ code, messageId: messageIdText(original) })),
  })
}

/** A field as the answer carries it. Text that was no UTF-8 has grown while it was read and may not fit any more. */
function fitting (name: string, text: string | undefined): Record<string, string> {
  return text === undefined || Buffer.byteLength(text) > LONGEST_FIELD ? {} : { [name]: text }
}

function contentOf (answer: PlatformAnswer): object {
  const { code } = answer
  if ('reason' in answer) return { code, reason: answer.reason }
  if (answer.act === 'failure') return { code, reason: UNDELIVERABLE_SENTENCES[answer.code] }
  const { state, acts } = answer
  const legal = acts.length > 0 ? acts.join(', ') : 'none'
  return { code, reason: `in the state "${state}" the legal acts are: ${legal}`, state, legal: acts }
}
