import type { Entry, Range } from '../../kernel/contract/index.js'

/** Number of the table that holds a collection. */
export type TableId = number

/** One change on its way to the worker. The value of a put is `values.subarray(at, at + bytes)` of its group. */
export type WireChange =
  | readonly ['put', TableId, key: string, at: number, bytes: number]
  | readonly ['delete', TableId, key: string]
  | readonly ['clear', TableId, Range]

/** Batches that share a transaction, with the bytes of all their values. */
export interface WireGroup {
  readonly batches: ReadonlyArray<readonly WireChange[]>
  readonly values: Uint8Array
}

/** An error as it crosses threads. */
export interface WireFailure {
  readonly code: string
  readonly details: object
  /** The database cannot be relied on any more. */
  readonly fatal: boolean
}

export interface DatabaseOptions {
  readonly file: string
  readonly synchronous: 'full' | 'normal'
  readonly cacheBytes: number
  readonly maxBytes: number | undefined
  readonly check: boolean
}

/** What is stored for an owner: the last step that ran, and its collections. */
export interface OwnerState {
  readonly version: number
  readonly tables: ReadonlyMap<string, TableId>
}

export interface Page {
  readonly entries: readonly Entry[]
  /** Whether the range goes on after the last entry. */
  readonly more: boolean
}

/** What the worker does for the main thread: the argument of each call and its answer. */
export interface DatabaseCalls {
  open: { takes: DatabaseOptions, gives: undefined }
  owner: { takes: { readonly owner: string }, gives: OwnerState }
  get: { takes: { readonly table: TableId, readonly key: string }, gives: Uint8Array | undefined }
  count: { takes: { readonly table: TableId }, gives: number }
  scan: { takes: { readonly table: TableId, readonly range: Range, readonly after: string | undefined }, gives: Page }
  /** Answers with a failure for each batch that was not stored, or with undefined when all were. */
  commit: { takes: WireGroup, gives: ReadonlyArray<WireFailure | undefined> | undefined }
  /** Opens the transaction of a migration step. Until it ends, commits wait. */
  beginStep: { takes: { readonly owner: string, readonly creates: readonly string[] }, gives: OwnerState }
  rewrite: { takes: WireGroup, gives: undefined }
  endStep: { takes: StepEnd, gives: OwnerState }
  abortStep: { takes: undefined, gives: undefined }
  close: { takes: undefined, gives: undefined }
}

export interface StepEnd {
  readonly owner: string
  readonly version: number
  readonly summary: string
  readonly drops: readonly string[]
  /** Milliseconds since the Unix epoch. */
  readonly at: number
}

export type CallName = keyof DatabaseCalls

/** The calls as methods. */
export type DatabaseService = {
  readonly [K in CallName]: (argument: DatabaseCalls[K]['takes']) => DatabaseCalls[K]['gives']
}

export interface Request<K extends CallName = CallName> {
  readonly id: number
  readonly call: K
  readonly argument: DatabaseCalls[K]['takes']
}

export type Answer =
  | { readonly id: number, readonly value: unknown }
  | { readonly id: number, readonly failure: WireFailure }
