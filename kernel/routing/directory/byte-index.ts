const FNV_PRIME = 16_777_619
const FNV_BASIS = 2_166_136_261

interface Entry<T> {
  readonly key: Uint8Array
  readonly value: T
  readonly following: Entry<T> | undefined
}

/** FNV-1a over bytes, 30 bits, so that it stays a small integer. */
export function hashOf (bytes: Uint8Array, at: number, length: number): number {
  let hash = FNV_BASIS
  for (let index = at; index < at + length; index++) hash = Math.imul(hash ^ (bytes[index] ?? 0), FNV_PRIME)
  return (hash ^ hash >>> 15) & 0x3fffffff
}

/**
 * Values by a key that lies as bytes within a message: a look-up makes neither a string nor anything else. Holds at most
 * `bound` values; a further one begins anew with an empty index, since whoever makes keys without end repeats none.
 */
export class ByteIndex<T> {
  readonly #chains = new Map<number, Entry<T>>()
  #size = 0

  constructor (private readonly bound: number) {}

  get size (): number {
    return this.#size
  }

  find (bytes: Uint8Array, at: number, length: number): T | undefined {
    for (let entry = this.#chains.get(hashOf(bytes, at, length)); entry !== undefined; entry = entry.following) {
      if (isEqual(entry.key, bytes, at, length)) return entry.value
    }
    return undefined
  }

  /** Keeps a value for a key that has none yet. Answers whether the index had to be emptied for it. */
  add (bytes: Uint8Array, at: number, length: number, value: T): boolean {
    const isFull = this.#size >= this.bound
    if (isFull) this.clear()
    const hash = hashOf(bytes, at, length)
    this.#chains.set(hash, { key: bytes.slice(at, at + length), value, following: this.#chains.get(hash) })
    this.#size += 1
    return isFull
  }

  clear (): void {
    this.#chains.clear()
    this.#size = 0
  }
}

function isEqual (key: Uint8Array, bytes: Uint8Array, at: number, length: number): boolean {
  if (key.length !== length) return false
  for (let index = 0; index < length; index++) if (key[index] !== bytes[at + index]) return false
  return true
}
