const WORD = 2 ** 32

/** Writes msgpack in the form that Go's nodes write: the old specification, the shortest form of each value. */
export class MsgpackWriter {
  #bytes: Buffer
  #length = 0

  constructor (capacity = 128) {
    this.#bytes = Buffer.alloc(capacity)
  }

  /** What was written. The writer is not used after. */
  finish (): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#length)
  }

  byte (value: number): this {
    const start = this.#room(1)
    this.#bytes[start] = value
    return this
  }

  append (bytes: Uint8Array): this {
    const start = this.#room(bytes.length)
    this.#bytes.set(bytes, start)
    return this
  }

  nil (): this {
    return this.byte(0xc0)
  }

  boolean (value: boolean): this {
    return this.byte(value ? 0xc3 : 0xc2)
  }

  /** A whole number from 0 to 2^53 - 1. */
  unsigned (value: number): this {
    if (value < 0x80) return this.byte(value)
    if (value < 0x100) return this.#tagged(0xcc, 1, value)
    if (value < 0x10000) return this.#tagged(0xcd, 2, value)
    if (value < WORD) return this.#tagged(0xce, 4, value)
    return this.#tagged(0xcf, 4, Math.floor(value / WORD)).#word(4, value % WORD)
  }

  float (value: number): this {
    this.byte(0xcb)
    const start = this.#room(8)
    this.#bytes.writeDoubleBE(value, start)
    return this
  }

  raw (bytes: Uint8Array): this {
    return this.#rawHead(bytes.length).append(bytes)
  }

  /** Bytes as Go writes a slice that may be nil: none are nil. */
  rawOrNil (bytes: Uint8Array): this {
    return bytes.length === 0 ? this.nil() : this.raw(bytes)
  }

  text (text: string): this {
    const length = Buffer.byteLength(text)
    this.#rawHead(length)
    const start = this.#room(length)
    this.#bytes.write(text, start, 'utf8')
    return this
  }

  map (pairs: number): this {
    if (pairs < 0x10) return this.byte(0x80 | pairs)
    return pairs < 0x10000 ? this.#tagged(0xde, 2, pairs) : this.#tagged(0xdf, 4, pairs)
  }

  array (values: number): this {
    if (values < 0x10) return this.byte(0x90 | values)
    return values < 0x10000 ? this.#tagged(0xdc, 2, values) : this.#tagged(0xdd, 4, values)
  }

  #rawHead (length: number): this {
    if (length < 0x20) return this.byte(0xa0 | length)
    return length < 0x10000 ? this.#tagged(0xda, 2, length) : this.#tagged(0xdb, 4, length)
  }

  #tagged (head: number, width: number, value: number): this {
    return this.byte(head).#word(width, value)
  }

  #word (width: number, value: number): this {
    const start = this.#room(width)
    this.#bytes.writeUIntBE(value, start, width)
    return this
  }

  /** Makes room for `count` more bytes; returns where they go. Moves `#bytes`: call it before that is looked at. */
  #room (count: number): number {
    const start = this.#length
    this.#length = start + count
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    return start
  }
}
