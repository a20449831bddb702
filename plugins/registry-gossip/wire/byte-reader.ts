import { RegistryMessageMalformed } from '../registry-errors.js'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const VISIBLE = /^[!-~]+$/
const MOST_VARINT_BYTES = 8

/** Reads what another node wrote and trusts nothing: whatever does not fit throws `REGISTRY_MESSAGE_MALFORMED`. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor (bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left (): number {
    return this.#bytes.byteLength - this.#at
  }

  u8 (): number {
    return this.#bytes[this.#take(1)] ?? 0
  }

  u32 (): number {
    return this.#bytes.readUInt32LE(this.#take(4))
  }

  /** A whole number from 0 to `most`. */
  varint (most: number): number {
    let value = 0
    let unit = 1
    for (let count = 0; count < MOST_VARINT_BYTES; count++) {
      const byte = this.u8()
      value += (byte & 0x7f) * unit
      unit *= 0x80
      if (byte >= 0x80) continue
      if (value > most) throw this.malformed(`a number is ${value}, of at most ${most}`)
      return value
    }
    throw this.malformed('a number has no end')
  }

  /** How many things follow, each of at least so many bytes. */
  count (leastBytes: number): number {
    return this.varint(Math.floor(this.left / leastBytes))
  }

  /** The name of an agent: 1 to 255 visible ASCII characters. */
  name (): string {
    const length = this.u8()
    const at = this.#take(length)
    const name = this.#bytes.toString('latin1', at, at + length)
    if (!VISIBLE.test(name)) throw this.malformed('a name has characters that no name has')
    return name
  }

  text (mostBytes: number): string {
    const length = this.varint(Math.min(mostBytes, this.left))
    const at = this.#take(length)
    try {
      return decoder.decode(this.#bytes.subarray(at, at + length))
    } catch {
      throw this.malformed('a text is not UTF-8')
    }
  }

  hex (bytes: number): string {
    const at = this.#take(bytes)
    return this.#bytes.toString('hex', at, at + bytes)
  }

  end (): void {
    if (this.left > 0) throw this.malformed(`${this.left} bytes are left over`)
  }

  malformed (problem: string): Error {
    return RegistryMessageMalformed({ at: this.#at, problem })
  }

  #take (bytes: number): number {
    const at = this.#at
    if (bytes > this.left) throw this.malformed(`${bytes} bytes are said to follow where ${this.left} are left`)
    this.#at = at + bytes
    return at
  }
}
