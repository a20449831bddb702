import { CLEAR, END, FIRST_WIDTH, LAST_CODE, NONE } from './lzw-codes.js'

const SLOTS = 16_384

/** LZW as Go's `compress/lzw` does it: least significant bit first, literals of 8 bits. The tables are made once. */
export class LzwEncoder {
  /** By hash: 20 bits of prefix and byte, then 12 bits of code. 0 is free, since no code is below 258. */
  readonly #table = new Uint32Array(SLOTS)
  #out: Uint8Array = new Uint8Array(0)
  #length = 0
  #bits = 0
  #bitCount = 0
  #width = FIRST_WIDTH
  #last = END

  encode (bytes: Uint8Array): Uint8Array {
    // Every byte costs one code at most, each block of codes one CLEAR more.
    this.#out = new Uint8Array(Math.ceil(bytes.length * 1.51) + 16)
    this.#length = this.#bits = this.#bitCount = 0
    this.#reset()
    this.#write(CLEAR)
    let prefix = NONE
    for (const byte of bytes) {
      if (prefix === NONE) prefix = byte
      else prefix = this.#extend(prefix, byte)
    }
    if (prefix !== NONE) {
      this.#write(prefix)
      this.#count()
    }
    this.#write(END)
    if (this.#bitCount > 0) this.#out[this.#length++] = this.#bits
    return this.#out.subarray(0, this.#length)
  }

  /** The code of `prefix` and `byte` if it has one. Otherwise `prefix` is written, they get one, and `byte` begins anew. */
  #extend (prefix: number, byte: number): number {
    const key = prefix << 8 | byte
    let slot = (key >> 12 ^ key) & (SLOTS - 1)
    for (let entry = this.#table[slot] ?? 0; entry !== 0; entry = this.#table[slot] ?? 0) {
      if (entry >>> 12 === key) return entry & LAST_CODE
      slot = (slot + 1) & (SLOTS - 1)
    }
    this.#write(prefix)
    if (this.#count()) this.#table[slot] = key << 12 | this.#last
    return byte
  }

  /** Takes the next code into use. False when there was none left and all begins anew. */
  #count (): boolean {
    this.#last++
    if (this.#last === 1 << this.#width) this.#width++
    if (this.#last < LAST_CODE) return true
    this.#write(CLEAR)
    this.#reset()
    return false
  }

  #reset (): void {
    this.#table.fill(0)
    this.#width = FIRST_WIDTH
    this.#last = END
  }

  #write (code: number): void {
    this.#bits |= code << this.#bitCount
    this.#bitCount += this.#width
    while (this.#bitCount >= 8) {
      this.#out[this.#length++] = this.#bits & 0xff
      this.#bits >>>= 8
      this.#bitCount -= 8
    }
  }
}
