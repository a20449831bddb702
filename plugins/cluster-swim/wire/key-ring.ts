import type { GossipKey } from './gossip-key.js'
import { LIMITS } from './limits.js'

/**
 * The keys of a cluster. One is used to encrypt, all are tried to decrypt. So a key is changed without a gap: install the new
 * one on all nodes, use it on all, remove the old one from all.
 */
export class KeyRing {
  /** The one in use stands first. */
  #keys: readonly GossipKey[]

  constructor (primary: GossipKey, others: readonly GossipKey[] = []) {
    this.#keys = [primary]
    for (const key of others) this.install(key)
  }

  get primary (): GossipKey {
    const [primary] = this.#keys
    if (primary === undefined) throw new Error('a key ring is never empty')
    return primary
  }

  /** The one in use first. At most 16. */
  list (): readonly GossipKey[] {
    return this.#keys
  }

  /** Adds a key for decryption. True as well where it was there; false where the ring is full. */
  install (key: GossipKey): boolean {
    if (this.#has(key)) return true
    if (this.#keys.length === LIMITS.keys) return false
    this.#keys = [...this.#keys, key]
    return true
  }

  /** Encrypts with this key from now on. False where it was not installed. */
  use (key: GossipKey): boolean {
    if (!this.#has(key)) return false
    this.#keys = [key, ...this.#without(key)]
    return true
  }

  /** Forgets a key. True as well where it was not there; false where it is the one in use. */
  remove (key: GossipKey): boolean {
    if (key.equals(this.primary)) return false
    this.#keys = this.#without(key)
    return true
  }

  #has (key: GossipKey): boolean {
    return this.#keys.some(known => known.equals(key))
  }

  #without (key: GossipKey): GossipKey[] {
    return this.#keys.filter(known => !known.equals(key))
  }
}
