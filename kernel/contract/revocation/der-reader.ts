/** Tags of the values that are looked for, X.690 §8.1.2. */
export const TAG = {
  integer: 0x02, bitString: 0x03, octetString: 0x04, objectId: 0x06, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, version: 0xa0,
} as const

/** One value in DER, X.690 §8.1. */
export interface DerValue {
  readonly tag: number
  /** What is in it. */
  readonly content: Uint8Array
  /** All of it, tag and length included. */
  readonly whole: Uint8Array
}

/** Reads the values of bytes in DER one after another. Throws an `Error` at bytes that are none. */
export class DerReader {
  #at = 0

  constructor (private readonly bytes: Uint8Array) {}

  get isAtEnd (): boolean {
    return this.#at >= this.bytes.length
  }

  /** The tag of the next value; undefined at the end. */
  get tag (): number | undefined {
    return this.bytes[this.#at]
  }

  /** The next value, which must have this tag. */
  take (tag: number): DerValue {
    if (this.tag !== tag) throw new Error('a value is not of the kind that belongs there')
    return this.next()
  }

  /** The next value if it has one of these tags. */
  takeIf (...tags: readonly number[]): DerValue | undefined {
    return this.tag !== undefined && tags.includes(this.tag) ? this.next() : undefined
  }

  next (): DerValue {
    const start = this.#at
    const tag = this.#byte()
    // Kinds beyond 30 need more bytes; none of ours does.
    if ((tag & 0x1f) === 0x1f) throw new Error('a value is of an unknown kind')
    const length = this.#length()
    const from = this.#at
    this.#at += length
    if (this.#at > this.bytes.length) throw new Error('a value ends too early')
    return { tag, content: this.bytes.subarray(from, this.#at), whole: this.bytes.subarray(start, this.#at) }
  }

  #byte (): number {
    const byte = this.bytes[this.#at]
    if (byte === undefined) throw new Error('a value ends too early')
    this.#at += 1
    return byte
  }

  /** Only the shortest form is DER, X.690 §10.1. */
  #length (): number {
    const first = this.#byte()
    if (first < 0x80) return first
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new Error('a length is not as it must be')
    let length = 0
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte()
    if (length < 0x80 || length < 256 ** (count - 1)) throw new Error('a length is not as it must be')
    return length
  }
}
