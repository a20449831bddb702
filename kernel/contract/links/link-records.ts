/**
 * What travels on a link: records, each a byte with its kind, three bytes with its length (most significant first), and
 * its body. This is version 1 of the protocol of links.
 */
export const RecordKind = {
  /** A frame. */
  frame: 0,
  /** Asks whether the other side lives; empty. */
  ping: 1,
  /** Answers a ping; empty. */
  pong: 2,
  /** Nothing follows from this side. Before the link has opened it refuses it, and its body says why. */
  goodbye: 3,
  /** Several records, compressed. */
  packed: 4,
  /** Who speaks, and what it understands: the first record of either side. */
  hello: 5,
  /** This side is content with what the other has said and proven: the link is open. */
  welcome: 6,
  /** Proves what the hello claims, on connections that do not prove it themselves. */
  proof: 7,
} as const

export type RecordKind = typeof RecordKind[keyof typeof RecordKind]

/** Bytes before each body. */
export const RECORD_HEADER = 4
/** No record can be longer. */
export const LONGEST_RECORD = 2 ** 24 - 1
/** Most bytes of a goodbye's reason. */
export const LONGEST_REASON = 400
/** Most bytes of a hello. */
export const LONGEST_HELLO = 1024
/** Most bytes of a proof: a chain of certificates and a signature. */
export const LONGEST_PROOF = 64 * 1024

/** Writes a record at `at`, and gives the place after it. */
export function writeRecord (target: Uint8Array, at: number, kind: RecordKind, body: Uint8Array): number {
  const length = body.byteLength
  target[at] = kind
  target[at + 1] = length >>> 16
  target[at + 2] = length >>> 8
  target[at + 3] = length
  target.set(body, at + RECORD_HEADER)
  return at + RECORD_HEADER + length
}

/** One record by itself. */
export function recordOf (kind: RecordKind, body: Uint8Array = new Uint8Array()): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER + body.byteLength)
  writeRecord(record, 0, kind, body)
  return record
}
