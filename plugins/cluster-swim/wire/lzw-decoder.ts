import { CLEAR, END, FIRST_WIDTH, LAST_WIDTH, NONE } from './lzw-codes.js'
import { malformed, Refused } from './refusal.js'

/** The reverse of `LzwEncoder`, within a limit. The tables are made once. Throws `Refused`. */
export class LzwDecoder {
  /** By code: the code before its last byte, that byte, and how many bytes it stands for. */
  readonly #prefix = new Uint16Array(1 << LAST_WIDTH)
  readonly #suffix = new Uint8Array(1 << LAST_WIDTH)
  readonly #size = new Uint16Array(1 << LAST_WIDTH).fill(1)
  #out: Uint8Array = new Uint8Array(0)
  #length = 0
  #limit = 0

  decode (bytes: Uint8Array, limit: number): Uint8Array {
    this.#out = new Uint8Array(Math.min(limit, 4 * bytes.length))
    this.#length = 0
    this.#limit = limit
    let bits = 0
    let bitCount = 0
    let width = FIRST_WIDTH
    let next = END
    let last = NONE
    let position = 0
    for (;;) {
      for (; bitCount < width; bitCount += 8) {
        if (position === bytes.length) throw malformed('compressed bytes end too early')
        bits |= (bytes[position++] ?? 0) << bitCount
      }
      const code = bits & (1 << width) - 1
      bits >>>= width
      bitCount -= width
      if (code === END) return this.#out.subarray(0, this.#length)
      if (code === CLEAR) {
        width = FIRST_WIDTH
        next = END
        last = NONE
        continue
      }
      if (last !== NONE && code <= next) this.#define(next, last, this.#first(code === next ? last : code))
      else if (code > next) throw malformed('compressed bytes name a code that is not in use')
      this.#copy(code)
      last = code
      next++
      if (next < 1 << width) continue
      if (width < LAST_WIDTH) {
        width++
      } else {
        // All codes are in use: a CLEAR may come late.
        last = NONE
        next--
      }
    }
  }

  #define (code: number, prefix: number, byte: number): void {
    this.#prefix[code] = prefix
    this.#suffix[code] = byte
    this.#size[code] = (this.#size[prefix] ?? 0) + 1
  }

  /** The first byte of what a code stands for. */
  #first (code: number): number {
    let rest = code
    while (rest > CLEAR) rest = this.#prefix[rest] ?? 0
    return rest
  }

  #copy (code: number): void {
    const size = this.#size[code] ?? 0
    const end = this.#length + size
    if (end > this.#limit) throw new Refused({ reason: 'too-large', detail: `it decompresses to more than ${this.#limit} bytes` })
    if (end > this.#out.length) this.#grow(end)
    let rest = code
    for (let position = end - 1; position > this.#length; position--) {
      this.#out[position] = this.#suffix[rest] ?? 0
      rest = this.#prefix[rest] ?? 0
    }
    this.#out[this.#length] = rest
    this.#length = end
  }

  #grow (size: number): void {
    const larger = new Uint8Array(Math.min(this.#limit, Math.max(2 * this.#out.length, size)))
    larger.set(this.#out.subarray(0, this.#length))
    this.#out = larger
  }
}
