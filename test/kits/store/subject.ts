import assert from 'node:assert/strict'
import type { Entry, Migration, Range, Scoped, Store } from '../../../kernel/contract/index.js'

/** A started store as the kit sees it. */
export interface StoreSubject {
  readonly store: Scoped<Store>
  /** Stops the store; the kit calls it at most once, before `teardown`. */
  stop (): Promise<void>
  /** Stops the store and gives one that was started on the same data. Not called when `restart` is lacking. */
  reopen? (): Promise<StoreSubject>
}

/** The first and only step of most tests: two collections. */
export const FIRST: Migration = { version: 1, summary: 'Begin.', creates: ['things', 'others'] }

/** The view of an owner that has `things` and `others`. */
export async function opened (subject: StoreSubject, owner = 'owner'): Promise<Store> {
  const store = subject.store.scopeFor(owner)
  await store.migrate([FIRST])
  return store
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : new TextDecoder().decode(value)

export const put = (key: string, value = key, collection = 'things') => ({ put: collection, key, value: bytes(value) })

export async function entries (store: Store, range?: Range, collection = 'things'): Promise<Entry[]> {
  const found: Entry[] = []
  for await (const entry of store.scan(collection, range)) found.push(entry)
  return found
}

export async function keys (store: Store, range?: Range, collection = 'things'): Promise<string[]> {
  return (await entries(store, range, collection)).map(entry => entry.key)
}

/** The promise rejects with an error of this code. */
export async function refuses (code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof Error, `rejected with ${String(error)}, not an Error`)
    assert.equal('code' in error ? error.code : undefined, code, error.message)
    return true
  })
}
