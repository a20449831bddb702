import { CLEAR, END } from '../../../plugins/cluster-swim/wire/lzw-codes.js'

/** Codes as a stream of bits, least significant first. `widths` gives each code's width. */
export function packedCodes (codes: readonly number[], widths: readonly number[]): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  codes.forEach((code, index) => {
    bits |= code << count
    for (count += widths[index] ?? 12; count >= 8; count -= 8) {
      bytes.push(bits & 0xff)
      bits >>>= 8
    }
  })
  return Uint8Array.from([...bytes, bits])
}

/** The width that a code has when it comes as the `index`th after a clear code. */
export function widthOf (index: number): number {
  return Math.min(12, Math.ceil(Math.log2(258 + index)))
}

/** As few bytes as can stand for that many zeros: each code is one byte longer than the last. Blocks of 7,367,041 zeros. */
export function packedZeros (blocks: number): Uint8Array {
  const block = [0, ...Array.from({ length: 3_837 }, (_, index) => 258 + index)]
  const codes = Array.from({ length: blocks }, () => [...block, CLEAR]).flat()
  const widths = Array.from({ length: blocks }, () => [...block.map((_, index) => widthOf(index)), 12]).flat()
  return packedCodes([...codes, END], [...widths, 9])
}
