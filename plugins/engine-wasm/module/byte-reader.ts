import { InvalidWasm } from '../wasm-errors.js'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads the binary format within bounds. Every fault is an `INVALID_WASM` with the offset in the uploaded bytes. */
export class ByteReader {
  position: number

  constructor (readonly bytes: Uint8Array, readonly start = 0, readonly end = bytes.length) {
    this.position = start
  }

  get done (): boolean {
    return this.position >= this.end
  }

  invalid (reason: string, offset = this.position): never {
    throw InvalidWasm({ reason, offset })
  }

  byte (): number {
    const value = this.position < this.end ? this.bytes[this.position] : undefined
    if (value === undefined) return this.invalid('it ends too early')
    this.position++
    return value
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32 (): number {
    const start = this.position
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    const last = this.byte()
    if (last > 0x0f) this.invalid('a number does not fit into 32 bits', start)
    return (value | last << 28) >>> 0
  }

  /** Signed LEB128 of 32 bits. */
  i32 (): number {
    const start = this.position
    this.skipSigned(32)
    let value = this.#bitsAt(this.position - 1) << 25 >> 25
    for (let position = this.position - 2; position >= start; position--) value = value << 7 | this.#bitsAt(position)
    return value
  }

  /** Signed LEB128 of 32, 33 or 64 bits, value not needed. */
  skipSigned (bits: number): void {
    const start = this.position
    const most = Math.ceil(bits / 7)
    for (let count = 1; count < most; count++) {
      if (this.byte() < 0x80) return
    }
    const unused = 7 * most - bits
    const high = (this.byte() << 25) >> 25 >> (6 - unused)
    if ((this.bytes[this.position - 1] ?? 0) >= 0x80 || (high !== 0 && high !== -1)) {
      this.invalid(`a number does not fit into ${bits} bits`, start)
    }
  }

  skip (count: number): void {
    if (count > this.end - this.position) this.invalid('it ends too early', this.end)
    this.position += count
  }

  /** A reader over the next `count` bytes, which are passed over here. */
  part (count: number): ByteReader {
    const start = this.position
    this.skip(count)
    return new ByteReader(this.bytes, start, start + count)
  }

  name (): string {
    const length = this.u32()
    const start = this.position
    this.skip(length)
    try {
      return UTF8.decode(this.bytes.subarray(start, start + length))
    } catch {
      return this.invalid('a name is not UTF-8', start)
    }
  }

  finish (what: string): void {
    if (!this.done) this.invalid(`${what} has bytes left over`)
  }

  #bitsAt (position: number): number {
    return (this.bytes[position] ?? 0) & 0x7f
  }
}
