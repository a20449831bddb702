import { RECORD_HEADER, writeRecord, type RecordKind } from './link-records.js'

const BLOCK = 32 * 1024
/** Spare blocks that are kept for the next records. */
const SPARE_BLOCKS = 4

/**
 * Records that wait to be written, one behind the other in a few blocks of memory, which are used again: the caller keeps
 * his bytes, and nothing is allocated for a record.
 */
export class RecordQueue {
  /** Bytes that wait. */
  bytes = 0
  #filled: Uint8Array[] = []
  #block: Uint8Array | undefined
  #used = 0
  readonly #spare: Uint8Array[] = []

  append (kind: RecordKind, body: Uint8Array): void {
    const length = RECORD_HEADER + body.byteLength
    let block = this.#block
    if (block === undefined || this.#used + length > block.byteLength) {
      this.#setAside()
      block = this.#block = length > BLOCK ? new Uint8Array(length) : this.#spare.pop() ?? new Uint8Array(BLOCK)
    }
    this.#used = writeRecord(block, this.#used, kind, body)
    this.bytes += length
  }

  /** Takes out what waits, in order, until there are `most` bytes or more. */
  take (most: number): Uint8Array[] {
    this.#setAside()
    let bytes = 0
    let count = 0
    while (count < this.#filled.length && bytes < most) bytes += this.#filled[count++]?.byteLength ?? 0
    this.bytes -= bytes
    if (count === this.#filled.length) {
      const all = this.#filled
      this.#filled = []
      return all
    }
    return this.#filled.splice(0, count)
  }

  /** Gives back what was taken, when nobody reads it any more. */
  release (taken: readonly Uint8Array[]): void {
    for (const { buffer } of taken) {
      if (this.#spare.length < SPARE_BLOCKS && buffer.byteLength === BLOCK) this.#spare.push(new Uint8Array(buffer))
    }
  }

  #setAside (): void {
    if (this.#block === undefined || this.#used === 0) return
    this.#filled.push(this.#block.subarray(0, this.#used))
    this.#block = undefined
    this.#used = 0
  }
}
