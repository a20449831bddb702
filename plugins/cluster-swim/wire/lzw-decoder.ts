import { CLEAR, END, FIRST_WIDTH, LAST_WIDTH, NONE } from './lzw-codes.js'
import { malformed, Refused } from './refusal.js'

/** From so many bytes on, a call costs less than a loop. */
const WORTH_A_CALL = 24

/**
 * The reverse of `LzwEncoder`, within a limit. The tables are made once. What a code stands for has always come out before: the bytes of
 * the code before it, and the one behind them. So places in the output are enough. Throws `Refused`.
 */
export class LzwDecoder {
  /** By code from 258: where its bytes begin in the output, and how many they are. */
  readonly #start = new Uint32Array(1 << LAST_WIDTH)
  readonly #size = new Uint16Array(1 << LAST_WIDTH)
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
    let lastStart = 0
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
      if (code > next) throw malformed('compressed bytes name a code that is not in use')
      if (last !== NONE) {
        this.#start[next] = lastStart
        this.#size[next] = this.#length - lastStart + 1
      }
      last = code
      lastStart = this.#length
      if (code < CLEAR) this.#literal(code)
      else this.#copy(code)
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

  #literal (byte: number): void {
    this.#room(1)
    this.#out[this.#length++] = byte
  }

  /** A code may stand for the byte that it puts first itself: so the last byte is copied after the others. */
  #copy (code: number): void {
    const start = this.#start[code] ?? 0
    const size = this.#size[code] ?? 0
    this.#room(size)
    const out = this.#out
    let copied = 0
    if (size > WORTH_A_CALL) {
      copied = size - 1
      out.copyWithin(this.#length, start, start + copied)
    }
    for (; copied < size; copied++) out[this.#length + copied] = out[start + copied] ?? 0
    this.#length += size
  }

  #room (size: number): void {
    const end = this.#length + size
    if (end > this.#limit) throw new Refused({ reason: 'too-large', detail: `it decompresses to more than ${this.#limit} bytes` })
    if (end <= this.#out.length) return
    const larger = new Uint8Array(Math.min(this.#limit, Math.max(2 * this.#out.length, end)))
    larger.set(this.#out.subarray(0, this.#length))
    this.#out = larger
  }
}
