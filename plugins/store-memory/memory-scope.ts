import {
  checkChanges, checkCollection, checkKey, checkRange, collectionsAfter, StoreDataNewer, StoreMigrationInvalid,
  type Change, type Entry, type Migration, type Range, type Store,
} from '../../kernel/contract/index.js'
import { MemoryCollection } from './memory-collection.js'
import type { MemoryRoom } from './memory-room.js'

/** One owner's collections. Everything happens within the call, so nothing can come between the changes of a batch. */
export class MemoryScope implements Store {
  #collections = new Map<string, MemoryCollection>()
  #version = 0

  constructor (
    private readonly owner: string,
    private readonly room: MemoryRoom,
    private readonly demandRunning: () => void,
  ) {}

  async migrate (migrations: readonly Migration[]): Promise<void> {
    this.demandRunning()
    collectionsAfter(this.owner, migrations)
    if (this.#version > migrations.length) {
      throw StoreDataNewer({ owner: this.owner, stored: this.#version, known: migrations.length })
    }
    for (const step of migrations.slice(this.#version)) {
      this.#collections = this.#after(step)
      this.#version = step.version
    }
  }

  async get (collection: string, key: string): Promise<Uint8Array | undefined> {
    const entries = this.#find(collection)
    checkKey(collection, key)
    return entries.get(key)?.slice()
  }

  async * scan (collection: string, range: Range = {}): AsyncIterable<Entry> {
    checkRange(collection, range)
    let rest = range.limit ?? Infinity
    let last: string | undefined
    while (rest-- > 0) {
      const next: Entry | undefined = this.#find(collection).next(range, last)
      if (!next) return
      last = next.key
      yield { key: next.key, value: next.value.slice() }
    }
  }

  async count (collection: string): Promise<number> {
    return this.#find(collection).size
  }

  async commit (changes: readonly Change[]): Promise<void> {
    this.demandRunning()
    checkChanges(this.owner, this.#collections, changes)
    // What the batch deletes is not counted off beforehand: a batch is refused a little early rather than applied by
    // half.
    this.room.demand(changes.reduce((sum, change) => 'put' in change ? sum + sizeOf(change) : sum, 0))
    for (const change of changes) this.#apply(change)
  }

  #apply (change: Change): void {
    if ('put' in change) {
      this.room.take(this.#find(change.put).put(change.key, change.value.slice()))
    } else if ('delete' in change) {
      this.room.take(this.#find(change.delete).delete(change.key))
    } else {
      this.room.take(this.#find(change.clear).clear(change.range))
    }
  }

  #find (collection: string): MemoryCollection {
    this.demandRunning()
    checkCollection(this.owner, this.#collections, collection)
    return this.#collections.get(collection) ?? new MemoryCollection()
  }

  /** The collections as they are after a step; the present ones stay as they are in case it fails. */
  #after (step: Migration): Map<string, MemoryCollection> {
    const after = new Map(this.#collections)
    for (const name of step.creates ?? []) after.set(name, new MemoryCollection())
    for (const { collection, entry } of step.rewrites ?? []) {
      const before = after.get(collection)
      if (!before) throw StoreMigrationInvalid({ owner: this.owner, reason: `"${collection}" is not there any more` })
      after.set(collection, before.rewritten(entry))
    }
    for (const name of step.drops ?? []) after.delete(name)
    this.room.take(bytesOf(after) - bytesOf(this.#collections))
    return after
  }
}

const sizeOf = (change: { readonly key: string, readonly value: Uint8Array }): number =>
  Buffer.byteLength(change.key) + change.value.byteLength

const bytesOf = (collections: ReadonlyMap<string, MemoryCollection>): number =>
  [...collections.values()].reduce((sum, collection) => sum + collection.bytes, 0)
