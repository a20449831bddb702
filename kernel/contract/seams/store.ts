import { tokenScoped } from '../token.js'

/** One change of a batch. Keys are non-empty text of at most 512 bytes in UTF-8; values are at most 16 MiB. */
export type Change =
  | { readonly put: string, readonly key: string, readonly value: Uint8Array }
  | { readonly delete: string, readonly key: string }
  /** Deletes every key of the range, as {@link Range} defines it: with a limit, only the first of its entries. */
  | { readonly clear: string, readonly range: Range }

/** Keys `from` (inclusive) to `to` (exclusive), compared by their UTF-8 bytes; an absent bound is open. */
export interface Range {
  readonly from?: string
  readonly to?: string
  /** Highest key first. */
  readonly reverse?: boolean
  /** Most entries to give. */
  readonly limit?: number
}

export interface Entry {
  readonly key: string
  readonly value: Uint8Array
}

/**
 * A step from one version of a plugin's stored data to the next. Steps run in order, each in one transaction with the
 * note that it ran; a step that ran is never changed.
 */
export interface Migration {
  /** 1, 2, 3 ... without gaps. */
  readonly version: number
  readonly summary: string
  readonly creates?: readonly string[]
  readonly drops?: readonly string[]
  /** Rewrites entries of a collection: the new value, or undefined to delete the entry. Pure. */
  readonly rewrites?: ReadonlyArray<{ readonly collection: string, readonly entry: (entry: Entry) => Uint8Array | undefined }>
}

/**
 * Where this node keeps its own state: named collections with ordered keys. Each plugin sees only its own
 * collections. No call blocks the thread. Errors: those of `storeErrors`; `STORE_UNAVAILABLE` (not started, stopped,
 * file gone), `STORE_FULL`, `STORE_BUSY`, and for mistakes of the caller `STORE_COLLECTION_UNKNOWN`,
 * `STORE_KEY_INVALID`, `STORE_VALUE_INVALID`, `STORE_RANGE_INVALID`.
 */
export interface Store {
  /**
   * Brings the caller's collections to the newest version. Called in `start`, before anything else, with every step
   * since the first. Errors: `STORE_MIGRATION_INVALID`, `STORE_DATA_NEWER`.
   */
  migrate (migrations: readonly Migration[]): Promise<void>
  get (collection: string, key: string): Promise<Uint8Array | undefined>
  /** A consistent picture is promised per page of the implementation's choice, not for the whole scan. */
  scan (collection: string, range?: Range): AsyncIterable<Entry>
  count (collection: string): Promise<number>
  /**
   * Applies all changes or none. Resolves when they are durable: committed together with the other batches of a tick
   * of a few milliseconds. Batches take effect in the order of the calls. The caller
   * may reuse the bytes when this returns. Waits while the queue has room for it, then rejects with `STORE_BUSY`.
   */
  commit (changes: readonly Change[]): Promise<void>
}

export const StoreToken = tokenScoped<Store>('caxton/store@1')
