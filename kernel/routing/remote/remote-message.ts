import { FRAME } from '../../contract/index.js'
import { frameFault, viewOf } from '../frames/frame.js'
import { ENVELOPE } from './envelope.js'

/** Where the conversation of a message lives, as its sender's node says: nowhere, there, or on the receiver's node. */
export const HOME = { none: 0, sender: 1, receiver: 2 } as const

/** A message between nodes: a frame whose handles mean nothing to the other node, so names go with it. */
export interface RemoteMessage {
  readonly sender: string
  readonly receiver: string
  readonly home: number
  /**
   * The sender is not of the node that sends this: that one had taken it for an agent which then moved. The sender is called as it is
   * called there, `caller@node-3` for instance, and its home is that of the sender's node.
   */
  readonly isRelayed: boolean
  readonly frame: Uint8Array
}

const HEAD = 4
/** In the byte that tells the home. */
const RELAYED = 0x80
const MOST_NAME = 255
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Kind, home (its highest bit: relayed), the lengths of both names, the names, the frame. Throws a RangeError for a name of more than
 * 255 bytes.
 */
export function encodeMessage ({ sender, receiver, home, isRelayed, frame }: RemoteMessage): Uint8Array {
  const from = encoder.encode(sender)
  const to = encoder.encode(receiver)
  if (from.length > MOST_NAME || to.length > MOST_NAME) throw new RangeError('a name is longer than 255 bytes')
  const bytes = new Uint8Array(HEAD + from.length + to.length + frame.length)
  bytes[0] = ENVELOPE.message
  bytes[1] = isRelayed ? home | RELAYED : home
  bytes[2] = from.length
  bytes[3] = to.length
  bytes.set(from, HEAD)
  bytes.set(to, HEAD + from.length)
  bytes.set(frame, HEAD + from.length + to.length)
  return bytes
}

/** Undefined when it is no sound message. The frame is a copy. */
export function decodeMessage (bytes: Uint8Array): RemoteMessage | undefined {
  const [kind, homeByte = 3, senderLength = 0, receiverLength = 0] = bytes
  const home = homeByte & ~RELAYED
  const isRelayed = (homeByte & RELAYED) !== 0
  const names = HEAD + senderLength
  const at = names + receiverLength
  if (kind !== ENVELOPE.message || home > HOME.receiver || receiverLength === 0 || bytes.length < at + FRAME.headerBytes) return undefined
  const frame = bytes.slice(at)
  if (frameFault(frame, viewOf(frame), 0, frame.length) !== undefined) return undefined
  try {
    const [sender, receiver] = [decoder.decode(bytes.subarray(HEAD, names)), decoder.decode(bytes.subarray(names, at))]
    return { sender, receiver, home, isRelayed, frame }
  } catch {
    return undefined
  }
}

/** What became of a durable message, by the number under which it was on its way. */
export interface Settled {
  readonly number: number
  /** -1 handled, -2 answered for good; else a position in `UNDELIVERABLE`. */
  readonly outcome: number
}

const SETTLED_BYTES = 6

export function encodeSettled ({ number, outcome }: Settled): Uint8Array {
  const bytes = new Uint8Array(SETTLED_BYTES)
  bytes[0] = ENVELOPE.settled
  const view = new DataView(bytes.buffer)
  view.setUint32(1, number)
  view.setInt8(5, outcome)
  return bytes
}

export function decodeSettled (bytes: Uint8Array): Settled | undefined {
  if (bytes.length !== SETTLED_BYTES || bytes[0] !== ENVELOPE.settled) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { number: view.getUint32(1), outcome: view.getInt8(5) }
}
