import { createHash } from 'node:crypto'

/**
 * What was found out about credentials, so that it need not be found out for each call. Bounded: the one that was not asked for the longest
 * goes first. Credentials themselves are not kept, only their hashes.
 */
export class ProofCache<V> {
  readonly #kept = new Map<string, { readonly value: V, readonly until: number }>()

  constructor (private readonly most: number) {}

  /** `now` and `until` are of one clock, whichever. At `until` itself it is gone. */
  get (credential: string, now: number): V | undefined {
    const key = keyOf(credential)
    const kept = this.#kept.get(key)
    if (kept === undefined) return undefined
    this.#kept.delete(key)
    if (now >= kept.until) return undefined
    this.#kept.set(key, kept)
    return kept.value
  }

  keep (credential: string, value: V, until: number): void {
    const key = keyOf(credential)
    this.#kept.delete(key)
    this.#kept.set(key, { value, until })
    if (this.#kept.size <= this.most) return
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest)
      break
    }
  }

  get size (): number {
    return this.#kept.size
  }

  clear (): void {
    this.#kept.clear()
  }
}

const keyOf = (credential: string): string => createHash('sha256').update(credential).digest('base64')
