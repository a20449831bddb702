import { GuestFault, HOST_RESULTS } from '../../../kernel/contract/in-shard.js'
import type { WordSource } from './word-source.js'

/** Above this many bytes a copy by the engine's own routine is worth the view it needs. */
const SHORT_COPY = 512

const NOTHING = new Uint8Array(0)
const NO_WORDS = new Int32Array(0)
const STRICT = new TextDecoder('utf-8', { fatal: true })
const LENIENT = new TextDecoder('utf-8')

/**
 * A guest's linear memory. Growing replaces the buffer and empties the old view, which is how a stale one is noticed.
 */
export class GuestMemory {
  #view: Uint8Array = NOTHING
  #words: Int32Array = NO_WORDS
  /** Made when it is first needed: most guests never do. */
  #data: DataView | undefined
  #memory: WebAssembly.Memory | undefined

  /** `limit`: most bytes. `frames`: shared by all guests of a shard. */
  constructor (readonly limit: number, private readonly frames: WordSource) {}

  attach (memory: WebAssembly.Memory): void {
    this.#memory = memory
    this.#view = NOTHING
  }

  /** The memory as it is now. Allocates only after the memory has grown. */
  current (): Uint8Array {
    if (this.#view.length === 0) this.#refresh()
    return this.#view
  }

  /** Whether the range lies within memory. Both numbers are unsigned. */
  holds (offset: number, length: number): boolean {
    return offset + length <= this.current().length
  }

  /** Copies bytes in; the range must lie within memory. Short copies allocate nothing, aligned ones go by words. */
  put (pointer: number, source: Uint8Array, offset: number, length: number): void {
    const view = this.current()
    if (length > SHORT_COPY) return view.set(source.subarray(offset, offset + length), pointer)
    const from = source.byteOffset + offset
    let done = 0
    if (((pointer | from) & 3) === 0) {
      const words = this.frames.of(source)
      const own = this.#words
      const target = pointer >> 2
      const first = from >> 2
      const count = length >> 2
      for (let word = 0; word < count; word++) own[target + word] = words[first + word] ?? 0
      done = count << 2
    }
    for (; done < length; done++) view[pointer + done] = source[offset + done] ?? 0
  }

  u32 (offset: number): number {
    return this.#dataView().getUint32(offset, true)
  }

  setU32 (offset: number, value: number): void {
    this.#dataView().setUint32(offset, value, true)
  }

  setU64 (offset: number, value: bigint): void {
    this.#dataView().setBigUint64(offset, value, true)
  }

  /** The UTF-8 text in a range, or a result code: out of range, longer than `most` bytes, or not UTF-8. */
  text (offset: number, length: number, most: number): string | number {
    if (!this.holds(offset, length)) return HOST_RESULTS.badRange
    if (length > most) return HOST_RESULTS.tooLarge
    try {
      return STRICT.decode(this.#view.subarray(offset, offset + length))
    } catch {
      return HOST_RESULTS.malformed
    }
  }

  /** The text in a range, cut off after `most` bytes, with replacement characters where it is not UTF-8. */
  line (offset: number, length: number, most: number): string {
    if (!this.holds(offset, length)) return ''
    return LENIENT.decode(this.#view.subarray(offset, offset + Math.min(length, most)))
  }

  #dataView (): DataView {
    if (this.#view.length === 0) this.#refresh()
    return this.#data ??= new DataView(this.#view.buffer)
  }

  #refresh (): void {
    if (!this.#memory) return
    const { buffer } = this.#memory
    if (buffer.byteLength > this.limit) {
      throw new GuestFault('memory', `its memory grew to ${buffer.byteLength} bytes, allowed are ${this.limit}`)
    }
    this.#view = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#data = undefined
  }
}
