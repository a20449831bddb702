const FIRST_BYTES = 256

/** Writes into a buffer that grows. Numbers are little-endian; varints are LEB128 of whole numbers below 2^53. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #length = 0

  get length (): number {
    return this.#length
  }

  u8 (value: number): this {
    this.#room(1)
    this.#bytes[this.#length++] = value
    return this
  }

  u32 (value: number): this {
    this.#room(4)
    this.#length = this.#bytes.writeUInt32LE(value, this.#length)
    return this
  }

  varint (value: number): this {
    this.#room(8)
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = rest % 0x80 | 0x80
    this.#bytes[this.#length++] = rest
    return this
  }

  /** Visible ASCII of at most 255 characters. */
  name (text: string): this {
    this.u8(text.length)
    this.#room(text.length)
    this.#length += this.#bytes.write(text, this.#length, 'latin1')
    return this
  }

  text (text: string): this {
    const length = Buffer.byteLength(text)
    this.varint(length)
    this.#room(length)
    this.#length += this.#bytes.write(text, this.#length, 'utf8')
    return this
  }

  /** Pairs of hex digits. */
  hex (digits: string): this {
    this.#room(digits.length / 2)
    this.#length += this.#bytes.write(digits, this.#length, 'hex')
    return this
  }

  append (other: ByteWriter): this {
    this.#room(other.#length)
    other.#bytes.copy(this.#bytes, this.#length, 0, other.#length)
    this.#length += other.#length
    return this
  }

  /** What was written, in memory of its own. */
  bytes (): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length))
  }

  #room (bytes: number): void {
    const wanted = this.#length + bytes
    if (wanted <= this.#bytes.byteLength) return
    const grown = Buffer.allocUnsafe(Math.max(wanted, this.#bytes.byteLength * 2))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
