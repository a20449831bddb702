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
/** Names, and pairs of names, that are remembered; then all are forgotten. */
const REMEMBERED = 4_096
/** Bytes that are ready for a message; more, when there was a longer one. */
const ROOM = 4_096

/**
 * Writes messages: kind, home (its highest bit: relayed), the lengths of both names, the names, the frame. Each into the same memory, so
 * whoever keeps one copies it.
 */
export class RemoteMessageWriter {
  #room = new Uint8Array(ROOM)
  readonly #names = new Map<string, Uint8Array>()
  readonly #encoder = new TextEncoder()

  /** Throws a RangeError for a name of more than 255 bytes. */
  write ({ sender, receiver, home, isRelayed, frame }: RemoteMessage): Uint8Array {
    const from = this.#encoded(sender)
    const to = this.#encoded(receiver)
    const names = HEAD + from.length
    const content = names + to.length
    const length = content + frame.length
    if (this.#room.length < length) this.#room = new Uint8Array(length)
    const room = this.#room
    room[0] = ENVELOPE.message
    room[1] = isRelayed ? home | RELAYED : home
    room[2] = from.length
    room[3] = to.length
    room.set(from, HEAD)
    room.set(to, names)
    room.set(frame, content)
    return room.subarray(0, length)
  }

  #encoded (name: string): Uint8Array {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const bytes = this.#encoder.encode(name)
    if (bytes.length > MOST_NAME) throw new RangeError('a name is longer than 255 bytes')
    if (this.#names.size >= REMEMBERED) this.#names.clear()
    this.#names.set(name, bytes)
    return bytes
  }
}

interface NamePair {
  readonly bytes: Uint8Array
  readonly sender: string
  readonly receiver: string
}

/** Reads what {@link RemoteMessageWriter} wrote. */
export class RemoteMessageReader {
  /** By a hash of their bytes: the same two write to one another again and again, and decoding their names costs more than all the rest. */
  readonly #pairs = new Map<number, NamePair>()
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })

  /** Undefined when it is no sound message. The frame lies in `bytes`. */
  read (bytes: Uint8Array): RemoteMessage | undefined {
    const [kind, homeByte = 3, senderLength = 0, receiverLength = 0] = bytes
    const home = homeByte & ~RELAYED
    const at = HEAD + senderLength + receiverLength
    if (kind !== ENVELOPE.message || home > HOME.receiver || receiverLength === 0 || bytes.length < at + FRAME.headerBytes) return undefined
    const frame = bytes.subarray(at)
    if (frameFault(frame, viewOf(frame), 0, frame.length) !== undefined) return undefined
    const names = this.#names(bytes, HEAD + senderLength, at)
    if (names === undefined) return undefined
    return { sender: names.sender, receiver: names.receiver, home, isRelayed: (homeByte & RELAYED) !== 0, frame }
  }

  /** Both names with their lengths, which lie before them. */
  #names (bytes: Uint8Array, middle: number, end: number): NamePair | undefined {
    const hash = hashOf(bytes, end)
    const known = this.#pairs.get(hash)
    if (known !== undefined && isSame(known.bytes, bytes, end)) return known
    const pair = this.#decoded(bytes, middle, end)
    if (pair === undefined) return undefined
    if (this.#pairs.size >= REMEMBERED) this.#pairs.clear()
    this.#pairs.set(hash, pair)
    return pair
  }

  #decoded (bytes: Uint8Array, middle: number, end: number): NamePair | undefined {
    try {
      const [sender, receiver] = [this.#decoder.decode(bytes.subarray(HEAD, middle)), this.#decoder.decode(bytes.subarray(middle, end))]
      return { bytes: bytes.slice(LENGTHS, end), sender, receiver }
    } catch {
      return undefined
    }
  }
}

/** Where the lengths of the names begin. */
const LENGTHS = 2

/** FNV-1a over the lengths and both names. */
function hashOf (bytes: Uint8Array, end: number): number {
  let hash = 0x811c9dc5
  for (let at = LENGTHS; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash
}

function isSame (known: Uint8Array, bytes: Uint8Array, end: number): boolean {
  if (known.length !== end - LENGTHS) return false
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[at + LENGTHS]) return false
  return true
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
