import type { Act, OfferedCapability } from '../../contract/index.js'
import { encodeFrame, type Address, type FrameFields, type ReadFrame } from '../frames/frame.js'
import { shownOffer } from './directory-search.js'

/** Bytes kept free for the rest of an answer beside its list. */
const MARGIN = 1_024

/** What an answer of the directory facilitator goes back to. */
export interface AskedBy {
  readonly receiver: Address
  readonly conversation: bigint
  readonly priority: number
  readonly fields: FrameFields
}

/** Where the answers to a message go: to its sender or whom it names, in its conversation. */
export function askedBy ({ sender, conversation, priority, fields }: ReadFrame): AskedBy {
  const { protocol, conversationId, replyWith, replyTo } = fields
  return {
    receiver: replyTo === undefined ? sender : { handle: 0, generation: 0 },
    conversation, priority,
    fields: {
      ...replyTo === undefined ? {} : { to: replyTo },
      ...protocol === undefined ? {} : { protocol },
      ...conversationId === undefined ? {} : { conversationId },
      ...replyWith === undefined ? {} : { inReplyTo: replyWith },
    },
  }
}

export const answerFrame = (asked: AskedBy, act: Act, content: object): Uint8Array =>
  encodeFrame({ ...asked, act, sender: { handle: 0, generation: 0 }, content: Buffer.from(JSON.stringify(content)) })

/** `{"found":[…],"total":…}` with as many offers as fit into `room` bytes and were asked for. */
export function foundContent (offers: readonly OfferedCapability[], limit: number, room: number): object {
  const [first = []] = fitting(offers.slice(0, limit).map(shownOffer), room)
  return { found: first, total: offers.length }
}

/** Cuts a list into parts whose JSON has at most `room` bytes; an item that never fits is left out. */
export function fitting<T extends object> (items: readonly T[], room: number): T[][] {
  const parts: T[][] = []
  let bytes = Infinity
  for (const item of items) {
    const length = Buffer.byteLength(JSON.stringify(item)) + 1
    if (length > room - MARGIN) continue
    if (bytes + length > room - MARGIN) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(item)
    bytes += length
  }
  return parts
}
