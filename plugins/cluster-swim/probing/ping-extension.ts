/** What Caxton nodes tell one another beside each ping and its answer. */
export interface PingExtension {
  /** See `MemberTable.digest`. */
  readonly table: readonly [number, number]
  /** See `Roster.digest`. */
  readonly roster: number
  /** Bytes of other parts of the server. */
  readonly whisper: Uint8Array
}

/** Not 1, with which the coordinates of Serf's agents begin. */
const VERSION = 0xc1
const HEADER = 13
/** Most bytes that may ride on a ping. */
export const LONGEST_WHISPER = 64

/** `version:u8 | table:u64 | roster:u32 | whisper`, big-endian. */
export function encodeExtension ({ table, roster, whisper }: PingExtension): Uint8Array {
  const bytes = Buffer.alloc(HEADER + whisper.length)
  let at = bytes.writeUInt8(VERSION, 0)
  at = bytes.writeUInt32BE(table[1], bytes.writeUInt32BE(table[0], at))
  bytes.set(whisper, bytes.writeUInt32BE(roster, at))
  return bytes
}

/** Undefined for another version, or anything else that we did not write. */
export function decodeExtension (input: Uint8Array): PingExtension | undefined {
  if (input.length < HEADER || input.length > HEADER + LONGEST_WHISPER || input[0] !== VERSION) return undefined
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  return {
    table: [bytes.readUInt32BE(1), bytes.readUInt32BE(5)],
    roster: bytes.readUInt32BE(9),
    whisper: Uint8Array.from(input.subarray(HEADER)),
  }
}
