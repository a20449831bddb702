/** Words at the beginning of a ring's buffer. Both count bytes since the ring was made, modulo 2³². */
const WRITTEN = 0
const READ = 16
const DATA_BYTES = 128

/** Length word that sends the reader back to the start of the data. */
const WRAP = 0xffffffff

const aligned = (bytes: number): number => (bytes + 7) & ~7

/** Memory for a ring whose data part holds `capacity` bytes, a power of two. */
export function ringBuffer (capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(DATA_BYTES + capacity)
}

/**
 * The writing end of a queue of byte records between two threads, in shared memory: one writer, one reader, no locks.
 * A full ring answers -1 and never grows. If the writer's thread dies between `reserve` and `publish`, the reader sees
 * nothing of it.
 */
export class RingWriter {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly #words: Int32Array
  readonly #capacity: number
  #reserved = 0

  constructor (buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, DATA_BYTES / 4)
    this.bytes = new Uint8Array(buffer, DATA_BYTES)
    this.view = new DataView(buffer, DATA_BYTES)
    this.#capacity = this.bytes.length
  }

  /** Longest record that fits into an empty ring, wherever the writer stands. */
  get largest (): number {
    return this.#capacity / 2 - 8
  }

  /** Whether so much waits in the ring, an eighth of it, that newcomers notice. */
  get isCrowded (): boolean {
    const taken = (Atomics.load(this.#words, WRITTEN) - Atomics.load(this.#words, READ)) >>> 0
    return taken > this.#capacity / 8
  }

  /** Where the latest published record ends; for {@link hasTaken}. */
  get mark (): number {
    return Atomics.load(this.#words, WRITTEN)
  }

  /** Whether the reader took everything that was published at a mark. Right for marks of the latest 2 GiB. */
  hasTaken (mark: number): boolean {
    return ((Atomics.load(this.#words, READ) - mark) | 0) >= 0
  }

  /**
   * Makes room for one record and returns its offset in {@link bytes}, or -1 when there is none. The record becomes
   * visible with {@link publish}; reserving again forgets an unpublished one.
   */
  reserve (length: number): number {
    const written = Atomics.load(this.#words, WRITTEN) >>> 0
    const free = this.#capacity - ((written - Atomics.load(this.#words, READ)) >>> 0)
    const needed = 8 + aligned(length)
    const at = written & (this.#capacity - 1)
    const tail = this.#capacity - at
    if (needed <= tail) {
      if (needed > free) return -1
      this.view.setUint32(at, length, true)
      this.#reserved = needed
      return at + 8
    }
    if (tail + needed > free) return -1
    this.view.setUint32(at, WRAP, true)
    this.view.setUint32(0, length, true)
    this.#reserved = tail + needed
    return 8
  }

  /** Shows the reserved record to the reader. */
  publish (): void {
    Atomics.store(this.#words, WRITTEN, (Atomics.load(this.#words, WRITTEN) + this.#reserved) | 0)
    this.#reserved = 0
  }
}

/** The reading end of a {@link RingWriter}'s queue. */
export class RingReader {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly #words: Int32Array
  readonly #capacity: number
  #taken = 0

  constructor (buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, DATA_BYTES / 4)
    this.bytes = new Uint8Array(buffer, DATA_BYTES)
    this.view = new DataView(buffer, DATA_BYTES)
    this.#capacity = this.bytes.length
  }

  get isEmpty (): boolean {
    return Atomics.load(this.#words, WRITTEN) === Atomics.load(this.#words, READ)
  }

  /** Offset of the oldest record in {@link bytes}, or -1 when there is none; its length is {@link length}. */
  peek (): number {
    const read = Atomics.load(this.#words, READ)
    if (Atomics.load(this.#words, WRITTEN) === read) return -1
    const at = (read >>> 0) & (this.#capacity - 1)
    const length = this.view.getUint32(at, true)
    if (length !== WRAP) {
      this.length = length
      this.#taken = 8 + aligned(length)
      return at + 8
    }
    this.length = this.view.getUint32(0, true)
    this.#taken = this.#capacity - at + 8 + aligned(this.length)
    return 8
  }

  /** Length of the record that {@link peek} found. */
  length = 0

  /** Gives the place of the record that {@link peek} found back to the writer. */
  release (): void {
    Atomics.store(this.#words, READ, (Atomics.load(this.#words, READ) + this.#taken) | 0)
  }
}
