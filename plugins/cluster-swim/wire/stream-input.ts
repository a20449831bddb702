import { Refused } from './refusal.js'

const FIRST_CAPACITY = 1024

/** What has come over a stream so far, in one piece. */
export class StreamInput {
  #bytes: Uint8Array = new Uint8Array(0)
  #length = 0

  get length (): number {
    return this.#length
  }

  /** Bytes of memory in use. */
  get capacity (): number {
    return this.#bytes.length
  }

  /** Valid until more is added. */
  view (): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Throws `Refused` beyond `limit` bytes in all. */
  add (chunk: Uint8Array, limit: number): void {
    const length = this.#length + chunk.length
    if (length > limit) throw new Refused({ reason: 'too-large', detail: `it is longer than ${limit} bytes` })
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(FIRST_CAPACITY, 2 * this.#bytes.length, length))
      larger.set(this.view())
      this.#bytes = larger
    }
    this.#bytes.set(chunk, this.#length)
    this.#length = length
  }

  clear (): void {
    this.#bytes = new Uint8Array(0)
    this.#length = 0
  }
}
