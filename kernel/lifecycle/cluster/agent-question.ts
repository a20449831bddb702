import { QuestionMalformed } from './moving-errors.js'

/** What one node asks another about an agent that the other hosts. */
export interface AgentQuestion {
  /** What is to be done: the name of a method. At most 255 bytes. */
  readonly what: string
  /** Who wants it, as the node knows that was asked. At most 65,535 bytes. */
  readonly caller: string
  readonly body: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Length of the method's name (u8), the name, length of the caller's (u16), the caller, the body. */
export function encodeQuestion ({ what, caller, body }: AgentQuestion): Uint8Array {
  const method = encoder.encode(what).subarray(0, 0xff)
  const who = encoder.encode(caller).subarray(0, 0xffff)
  return Buffer.concat([Uint8Array.of(method.length), method, Uint8Array.of(who.length >>> 8, who.length & 0xff), who, body])
}

/** Throws `CLUSTER_QUESTION_MALFORMED`. */
export function decodeQuestion (bytes: Uint8Array): AgentQuestion {
  const callerAt = 1 + (bytes[0] ?? 0)
  const bodyAt = callerAt + 2 + ((bytes[callerAt] ?? 0) << 8 | (bytes[callerAt + 1] ?? 0))
  if (bytes.length < callerAt + 2 || bytes.length < bodyAt) throw QuestionMalformed({ problem: 'it is cut off' })
  return {
    what: decoder.decode(bytes.subarray(1, callerAt)),
    caller: decoder.decode(bytes.subarray(callerAt + 2, bodyAt)),
    body: bytes.subarray(bodyAt),
  }
}

/** Something and what belongs to it, as one: length of the first (u32), the first, the second. */
export function encodePair (first: Uint8Array, second: Uint8Array): Uint8Array {
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint32(0, first.length)
  return Buffer.concat([head, first, second])
}

/** Throws `CLUSTER_QUESTION_MALFORMED`. */
export function decodePair (bytes: Uint8Array): readonly [first: Uint8Array, second: Uint8Array] {
  const at = bytes.length < 4 ? Infinity : 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  if (bytes.length < at) throw QuestionMalformed({ problem: 'it is cut off' })
  return [bytes.subarray(4, at), bytes.subarray(at)]
}

/** A few words. */
export const encodeWords = (...words: readonly string[]): Uint8Array => encoder.encode(JSON.stringify(words))

/** So many words, at least. Throws `CLUSTER_QUESTION_MALFORMED`. */
export function decodeWords (bytes: Uint8Array, count: number): readonly string[] {
  let read: unknown
  try {
    read = JSON.parse(decoder.decode(bytes))
  } catch {
    read = undefined
  }
  const isSound = Array.isArray(read) && read.length >= count && read.every(word => typeof word === 'string')
  if (!isSound) throw QuestionMalformed({ problem: `it is not ${count} words` })
  return read as readonly string[]
}
