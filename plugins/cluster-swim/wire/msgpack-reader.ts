import { isUtf8 } from 'node:buffer'
import { malformed, OutOfBytes, Refused } from './refusal.js'

const WORD = 2 ** 32

/**
 * Reads msgpack as Go's nodes write it (the old specification: text and bytes alike are `raw`) and as newer writers do (`str8`, `bin`,
 * any form of an integer, bytes as an array of numbers). Nothing is copied; nil reads as zero, false or empty. Throws `OutOfBytes` where
 * the input is too short, `Refused` where it is wrong. Depth costs nothing: values are passed over without recursion.
 */
export class MsgpackReader {
  readonly #bytes: Buffer
  #valuesLeft: number

  /** At most `values` values are read: whoever decodes the same bytes again and again bounds its work. */
  constructor (bytes: Uint8Array, public position = 0, values = Infinity) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#valuesLeft = values
  }

  get done (): boolean {
    return this.position >= this.#bytes.length
  }

  /** All that was not read. */
  rest (): Uint8Array {
    return this.#view(this.position, this.#bytes.length)
  }

  /** The next `count` bytes as they are. */
  take (count: number): Uint8Array {
    const start = this.#advance(count)
    return this.#view(start, start + count)
  }

  /** A whole number between `minimum` and `maximum`. */
  integer (maximum: number, minimum = 0): number {
    const value = this.#number(this.#head(), false)
    if (value < minimum || value > maximum) throw malformed(`a number is not between ${minimum} and ${maximum}`)
    return value
  }

  float (): number {
    return this.#number(this.#head(), true)
  }

  boolean (): boolean {
    const head = this.#head()
    if (head === 0xc3) return true
    if (head === 0xc2 || head === 0xc0) return false
    throw malformed('neither true nor false')
  }

  raw (maximum: number): Uint8Array {
    const head = this.#head()
    if (head === 0xc0) return this.take(0)
    if (isArray(head)) return this.#numbers(this.#count(head), maximum)
    const length = this.#rawLength(head)
    if (length > maximum) throw new Refused({ reason: 'too-large', detail: `${length} bytes where ${maximum} are the most` })
    return this.take(length)
  }

  text (maximum: number): string {
    const bytes = this.raw(maximum)
    if (!isUtf8(bytes)) throw malformed('a text is not UTF-8')
    return this.#bytes.toString('utf8', this.position - bytes.length, this.position)
  }

  /** Passes over a nil, if one comes next. */
  nil (): boolean {
    if (this.#bytes[this.position] !== 0xc0) return false
    this.position++
    return true
  }

  /** How many pairs follow. */
  map (): number {
    const head = this.#head()
    if (head === 0xc0) return 0
    if (!isMap(head)) throw malformed('no map where one should be')
    return this.#count(head)
  }

  /** How many values follow. */
  array (): number {
    const head = this.#head()
    if (head === 0xc0) return 0
    if (!isArray(head)) throw malformed('no array where one should be')
    return this.#count(head)
  }

  /** Passes over one value, however deep. */
  skip (): void {
    for (let left = 1; left > 0; left--) {
      const head = this.#head()
      if (isMap(head)) left += 2 * this.#count(head)
      else if (isArray(head)) left += this.#count(head)
      else if (isRaw(head)) this.#advance(this.#rawLength(head))
      else if (head >= 0xc7 && head <= 0xc9) this.#advance(this.#unsigned(2 ** (head - 0xc7)) + 1)
      else if (head >= 0xd4 && head <= 0xd8) this.#advance(2 ** (head - 0xd4) + 1)
      else if (head !== 0xc0 && head !== 0xc2 && head !== 0xc3) this.#number(head, true)
    }
  }

  /** No `Buffer`, whose `slice` would not copy. */
  #view (start: number, end: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start)
  }

  #head (): number {
    if (--this.#valuesLeft < 0) throw malformed('it holds too many values')
    return this.#unsigned(1)
  }

  /** Passes over `count` bytes; returns where they begin. */
  #advance (count: number): number {
    const start = this.position
    if (count > this.#bytes.length - start) throw new OutOfBytes()
    this.position = start + count
    return start
  }

  #unsigned (width: number): number {
    const start = this.#advance(width)
    if (width < 8) return this.#bytes.readUIntBE(start, width)
    return this.#bytes.readUInt32BE(start) * WORD + this.#bytes.readUInt32BE(start + 4)
  }

  #signed (width: number): number {
    const start = this.#advance(width)
    if (width < 8) return this.#bytes.readIntBE(start, width)
    return this.#bytes.readInt32BE(start) * WORD + this.#bytes.readUInt32BE(start + 4)
  }

  #number (head: number, fractions: boolean): number {
    if (head < 0x80) return head
    if (head >= 0xe0) return head - 0x100
    if (head >= 0xcc && head <= 0xcf) return this.#unsigned(2 ** (head - 0xcc))
    if (head >= 0xd0 && head <= 0xd3) return this.#signed(2 ** (head - 0xd0))
    if (head === 0xc0) return 0
    if (fractions && head === 0xcb) return this.#bytes.readDoubleBE(this.#advance(8))
    if (fractions && head === 0xca) return this.#bytes.readFloatBE(this.#advance(4))
    throw malformed('no number where one should be')
  }

  /** Bytes that came as an array of numbers. */
  #numbers (count: number, maximum: number): Uint8Array {
    if (count > maximum) throw new Refused({ reason: 'too-large', detail: `${count} bytes where ${maximum} are the most` })
    if (count > this.#bytes.length - this.position) throw new OutOfBytes()
    return Uint8Array.from({ length: count }, () => this.integer(255))
  }

  #rawLength (head: number): number {
    if (head >= 0xa0 && head <= 0xbf) return head & 0x1f
    if (head >= 0xd9 && head <= 0xdb) return this.#unsigned(2 ** (head - 0xd9))
    if (head >= 0xc4 && head <= 0xc6) return this.#unsigned(2 ** (head - 0xc4))
    throw malformed('neither text nor bytes where they should be')
  }

  #count (head: number): number {
    return head < 0xa0 ? head & 0x0f : this.#unsigned((head & 1) === 0 ? 2 : 4)
  }
}

function isMap (head: number): boolean {
  return (head >= 0x80 && head <= 0x8f) || head === 0xde || head === 0xdf
}

function isArray (head: number): boolean {
  return (head >= 0x90 && head <= 0x9f) || head === 0xdc || head === 0xdd
}

function isRaw (head: number): boolean {
  return (head >= 0xa0 && head <= 0xbf) || (head >= 0xc4 && head <= 0xc6) || (head >= 0xd9 && head <= 0xdb)
}
