/** A growing buffer in the binary format. */
export class ByteWriter {
  #bytes: Uint8Array
  #length = 0

  constructor (capacity = 1024) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length (): number {
    return this.#length
  }

  /** What was written; valid until the next write. */
  view (): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  clear (): void {
    this.#length = 0
  }

  byte (value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length++] = value
  }

  u32 (value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.byte(rest % 0x80 | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  /** Signed LEB128 of 32 bits. */
  i32 (value: number): void {
    let rest = value | 0
    while (rest < -64 || rest > 63) {
      this.byte(rest & 0x7f | 0x80)
      rest >>= 7
    }
    this.byte(rest & 0x7f)
  }

  /** Room for a number below 2^34 that is not known yet, as signed LEB128 of five bytes; returns where it is. */
  reserve (): number {
    const position = this.#length
    for (let count = 0; count < 5; count++) this.byte(0)
    return position
  }

  /** Fills in what {@link reserve} left open. */
  patch (position: number, value: number): void {
    let rest = value
    for (let count = 0; count < 4; count++) {
      this.#bytes[position + count] = rest % 0x80 | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[position + 4] = rest
  }

  append (bytes: ArrayLike<number>): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  copy (source: Uint8Array, start: number, end: number): void {
    if (end > start) this.append(source.subarray(start, end))
  }

  name (text: string): void {
    const bytes = new TextEncoder().encode(text)
    this.u32(bytes.length)
    this.append(bytes)
  }

  #grow (more: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
