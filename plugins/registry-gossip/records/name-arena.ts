import { NAME_BYTES, type NameKey } from './name-key.js'

const FIRST_BYTES = 256

/** Names of one owner's agents, one after the other in one piece of memory. */
export class NameArena {
  #bytes = Buffer.alloc(0)
  #used = 0
  #wasted = 0

  get bytes (): number {
    return this.#bytes.byteLength
  }

  /** Whether more is left behind by names that are gone than is used. */
  get isWasteful (): boolean {
    return this.#wasted > FIRST_BYTES && this.#wasted * 2 > this.#used
  }

  /** Makes room for so many further bytes. */
  reserve (bytes: number): void {
    const wanted = this.#used + bytes
    if (wanted <= this.#bytes.byteLength) return
    const grown = Buffer.alloc(Math.max(wanted, FIRST_BYTES, Math.ceil(this.#bytes.byteLength * 1.25)))
    grown.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = grown
  }

  /** Where the name begins. */
  add (key: NameKey): number {
    const at = this.#used
    this.reserve(key.length)
    const { length } = key
    for (let index = 0; index < length; index++) this.#bytes[at + index] = key.bytes[index] ?? 0
    this.#used += length
    return at
  }

  release (length: number): void {
    this.#wasted += length
  }

  isAt (at: number, length: number, key: NameKey): boolean {
    if (length !== key.length) return false
    for (let index = 0; index < length; index++) if (this.#bytes[at + index] !== key.bytes[index]) return false
    return true
  }

  text (at: number, length: number): string {
    return this.#bytes.toString('latin1', at, at + length)
  }

  /** An arena with room for the names that are in use, and none of the rest. */
  successor (): NameArena {
    const next = new NameArena()
    next.reserve(this.#used - this.#wasted + NAME_BYTES)
    return next
  }

  /** Takes a name over from another arena. */
  take (from: NameArena, at: number, length: number): number {
    const to = this.#used
    this.reserve(length)
    from.#bytes.copy(this.#bytes, to, at, at + length)
    this.#used += length
    return to
  }
}
