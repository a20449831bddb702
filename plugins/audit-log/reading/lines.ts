/** Longer than any record: bytes without an end must not fill the memory. */
export const LONGEST_LINE = 64 * 1024

/** A line of a segment. */
export interface Line {
  /** Without its newline. */
  readonly bytes: Uint8Array
  /** Counted from 1. */
  readonly number: number
  /** Where it begins in the segment. */
  readonly offset: number
  /** Whether a newline ended it: the last line may have been torn. */
  readonly isWhole: boolean
}

/** The lines of a segment. One that is too long ends them, as one that is torn. */
export async function * linesOf (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Line, void, undefined> {
  let rest = Buffer.alloc(0)
  let number = 1
  let offset = 0
  for await (const piece of pieces) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece])
    let from = 0
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, from)) {
      yield { bytes: rest.subarray(from, end), number: number++, offset: offset + from, isWhole: true }
      from = end + 1
    }
    rest = rest.subarray(from)
    offset += from
    if (rest.length > LONGEST_LINE) break
  }
  if (rest.length > 0) yield { bytes: rest, number, offset, isWhole: false }
}
