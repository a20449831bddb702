import { compareKeys, type Entry, type Range } from '../../kernel/contract/index.js'

/** Entries in the order of their keys' UTF-8 bytes. Bytes are kept as given: whoever calls copies them. */
export class MemoryCollection {
  readonly #values = new Map<string, Uint8Array>()
  readonly #keys: string[] = []
  #bytes = 0

  get size (): number {
    return this.#values.size
  }

  /** Bytes of all keys and values. */
  get bytes (): number {
    return this.#bytes
  }

  get (key: string): Uint8Array | undefined {
    return this.#values.get(key)
  }

  /** Answers by how many bytes the collection grew. */
  put (key: string, value: Uint8Array): number {
    const old = this.#values.get(key)
    this.#values.set(key, value)
    if (!old) this.#keys.splice(this.#position(key), 0, key)
    return this.#grow(value.byteLength - (old ? old.byteLength : -Buffer.byteLength(key)))
  }

  delete (key: string): number {
    const old = this.#values.get(key)
    if (!old) return 0
    this.#values.delete(key)
    this.#keys.splice(this.#position(key), 1)
    return this.#grow(-old.byteLength - Buffer.byteLength(key))
  }

  clear (range: Range): number {
    const [begin, end] = this.#bounds(range)
    const count = Math.min(Math.max(end - begin, 0), range.limit ?? Infinity)
    const gone = this.#keys.splice(range.reverse ? end - count : begin, count)
    let bytes = 0
    for (const key of gone) {
      bytes += Buffer.byteLength(key) + (this.#values.get(key)?.byteLength ?? 0)
      this.#values.delete(key)
    }
    return this.#grow(-bytes)
  }

  /** The entry of the range that comes after `last`, or the first one. */
  next (range: Range, last: string | undefined): Entry | undefined {
    const [begin, end] = this.#bounds(range)
    const index = range.reverse
      ? (last === undefined ? end : this.#position(last)) - 1
      : last === undefined ? begin : this.#following(last)
    if (index < begin || index >= end) return undefined
    const key = this.#keys[index]
    const value = key === undefined ? undefined : this.#values.get(key)
    return key === undefined || !value ? undefined : { key, value }
  }

  /** A copy in which `entry` decided over each value. */
  rewritten (entry: (entry: Entry) => Uint8Array | undefined): MemoryCollection {
    const copy = new MemoryCollection()
    for (const key of this.#keys) {
      const value = entry({ key, value: this.#values.get(key)?.slice() ?? new Uint8Array() })
      if (value) copy.put(key, value.slice())
    }
    return copy
  }

  #grow (bytes: number): number {
    this.#bytes += bytes
    return bytes
  }

  #bounds (range: Range): [number, number] {
    const begin = range.from === undefined ? 0 : this.#position(range.from)
    const end = range.to === undefined ? this.#keys.length : this.#position(range.to)
    return [begin, end]
  }

  /** Where the key is, or would be put. */
  #position (key: string): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(this.#keys[middle] ?? '', key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #following (key: string): number {
    const position = this.#position(key)
    return this.#keys[position] === key ? position + 1 : position
  }
}
