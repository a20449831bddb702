import { FRAME_FLAGS, type Act } from '../contract/index.js'
import { decodeFrame, encodeFrame } from './frame.js'
import { UNDELIVERABLE_SENTENCES, type Undeliverable } from './undeliverable.js'

/** What the platform says in a receiver's place. */
export type PlatformAnswer =
  | { readonly act: 'failure', readonly code: Undeliverable }
  | { readonly act: 'not-understood', readonly code: 'ACT_NOT_LEGAL', readonly state: string, readonly acts: readonly string[] }

const encoder = new TextEncoder()

/**
 * The frame that answers `frame` in the name of its receiver, so that it belongs to the same branch of the conversation. The
 * content is JSON with a stable `code` and a plain `reason`.
 */
export function answerTo (frame: Uint8Array, answer: PlatformAnswer, protocol?: string): Uint8Array {
  const original = decodeFrame(frame)
  const { replyWith, conversationId } = original.fields
  const named = protocol ?? original.fields.protocol
  return encodeFrame({
    act: answer.act satisfies Act,
    receiver: original.sender,
    sender: original.receiver,
    conversation: original.conversation,
    flags: FRAME_FLAGS.platform,
    fields: {
      ...named === undefined ? {} : { protocol: named },
      ...conversationId === undefined ? {} : { conversationId },
      ...replyWith === undefined ? {} : { inReplyTo: replyWith },
    },
    content: encoder.encode(JSON.stringify(contentOf(answer))),
  })
}

function contentOf (answer: PlatformAnswer): object {
  if (answer.act === 'failure') return { code: answer.code, reason: UNDELIVERABLE_SENTENCES[answer.code] }
  const legal = answer.acts.length > 0 ? answer.acts.join(', ') : 'none'
  return { code: answer.code, reason: `in the state "${answer.state}" the legal acts are: ${legal}`, state: answer.state, legal: answer.acts }
}
