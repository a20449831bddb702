import type { Change, Store } from '../../contract/index.js'

/** The collection of modules by SHA-256. */
export const MODULES = 'modules'

/** A module and its SHA-256, in hex. */
export interface StoredModule {
  readonly hash: string
  readonly bytes: Uint8Array
}

/** Keeps the modules of agents, each written once however many agents have it. */
export class ModuleStore {
  /** Those that are on the disk, by their hashes: others may be there, too. */
  readonly #kept = new Set<string>()
  #deletions = 0

  constructor (private readonly store: Pick<Store, 'commit' | 'get'>) {}

  find (hash: string): Promise<Uint8Array | undefined> {
    return this.store.get(MODULES, hash)
  }

  /** Commits changes, together with a module that they need, and without one that nobody needs after them. */
  async commit (changes: readonly Change[], needed?: StoredModule, unused?: string): Promise<void> {
    const all = [...changes]
    const isNew = needed !== undefined && !this.#kept.has(needed.hash)
    if (isNew) all.push({ put: MODULES, key: needed.hash, value: needed.bytes })
    if (unused !== undefined) {
      all.push({ delete: MODULES, key: unused })
      this.#kept.delete(unused)
      this.#deletions += 1
    }
    const deletions = this.#deletions
    await this.store.commit(all)
    // What was deleted meanwhile may have been this one.
    if (isNew && deletions === this.#deletions) this.#kept.add(needed.hash)
  }
}
