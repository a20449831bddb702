import type { Change, Migration, Range } from './store.js'
import {
  StoreCollectionUnknown, StoreKeyInvalid, StoreMigrationInvalid, StoreRangeInvalid, StoreValueInvalid,
} from './store-errors.js'

/** Bounds of every store. */
export const STORE_LIMITS = {
  /** Most bytes of a key, in UTF-8. */
  keyBytes: 512,
  /** Most bytes of a value. */
  valueBytes: 16 * 1024 * 1024,
} as const

const LONE_SURROGATE = /\p{Surrogate}/u
const COLLECTION_NAME = /^[a-z][a-z0-9-]{0,62}$/

/** Compares two keys by their UTF-8 bytes, as every store orders them. Below 0: `a` comes first. */
export function compareKeys (a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return bytewise(left) - bytewise(right)
  }
  return a.length - b.length
}

/** UTF-16 puts surrogates below U+E000 to U+FFFF, UTF-8 puts what they stand for above. */
const bytewise = (unit: number): number => unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800

/** Whether a key may be stored; throws `STORE_KEY_INVALID`. */
export function checkKey (collection: string, key: string): void {
  if (typeof key !== 'string') throw StoreKeyInvalid({ collection, reason: 'is not text' })
  if (key === '') throw StoreKeyInvalid({ collection, reason: 'is empty' })
  if (LONE_SURROGATE.test(key)) throw StoreKeyInvalid({ collection, reason: 'holds half of a surrogate pair' })
  const bytes = Buffer.byteLength(key)
  if (bytes > STORE_LIMITS.keyBytes) {
    throw StoreKeyInvalid({ collection, reason: `has ${bytes} bytes, of at most ${STORE_LIMITS.keyBytes}` })
  }
}

/**
 * Whether a range can be read or cleared; throws `STORE_RANGE_INVALID`. A bound may be any text, also one that is no
 * key.
 */
export function checkRange (collection: string, range: Range): void {
  for (const bound of [range.from, range.to]) {
    if (bound !== undefined && LONE_SURROGATE.test(bound)) {
      throw StoreRangeInvalid({ collection, reason: 'has a bound with half of a surrogate pair' })
    }
  }
  const { limit } = range
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 0)) {
    throw StoreRangeInvalid({ collection, reason: `has the limit ${limit}` })
  }
}

/** Whether the caller has the collection; throws `STORE_COLLECTION_UNKNOWN`. */
export function checkCollection (owner: string, known: { has (collection: string): boolean }, collection: string): void {
  if (!known.has(collection)) throw StoreCollectionUnknown({ owner, collection })
}

/** Whether a whole batch can be applied, so that applying it can only fail for want of room or of the disk. */
export function checkChanges (owner: string, known: { has (collection: string): boolean }, changes: readonly Change[]): void {
  for (const change of changes) {
    if ('put' in change) {
      checkCollection(owner, known, change.put)
      checkKey(change.put, change.key)
      checkValue(change.put, change.key, change.value)
    } else if ('delete' in change) {
      checkCollection(owner, known, change.delete)
      checkKey(change.delete, change.key)
    } else {
      checkCollection(owner, known, change.clear)
      checkRange(change.clear, change.range)
    }
  }
}

/** Whether a value may be stored; throws `STORE_VALUE_INVALID`. */
export function checkValue (collection: string, key: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw StoreValueInvalid({ collection, key, reason: 'is not bytes' })
  if (value.byteLength > STORE_LIMITS.valueBytes) {
    const reason = `has ${value.byteLength} bytes, of at most ${STORE_LIMITS.valueBytes}`
    throw StoreValueInvalid({ collection, key, reason })
  }
}

/**
 * The collections that exist after all of the migrations ran. Throws `STORE_MIGRATION_INVALID` for numbers with gaps,
 * bad names, a collection created twice, and one dropped or rewritten that does not exist.
 */
export function collectionsAfter (owner: string, migrations: readonly Migration[]): ReadonlySet<string> {
  const existing = new Set<string>()
  const demand = (holds: boolean, reason: string): void => {
    if (!holds) throw StoreMigrationInvalid({ owner, reason })
  }
  migrations.forEach((step, index) => {
    const place = `step ${step.version}`
    demand(step.version === index + 1, `step ${index + 1} of the list has version ${step.version}`)
    for (const name of step.creates ?? []) {
      demand(COLLECTION_NAME.test(name), `${place} creates "${name}", which is no name for a collection (a-z, 0-9, -)`)
      demand(!existing.has(name), `${place} creates "${name}" again`)
      existing.add(name)
    }
    for (const { collection } of step.rewrites ?? []) {
      demand(existing.has(collection), `${place} rewrites "${collection}", which does not exist`)
    }
    for (const name of step.drops ?? []) {
      demand(existing.delete(name), `${place} drops "${name}", which does not exist`)
    }
  })
  return existing
}
