import type { StateChange, StateCommit, StatePage, StateStats, StateValue } from '../../kernel/contract/index.js'

/** An error as it crosses threads. */
export interface WireFailure {
  readonly code: string
  readonly details: object
  /** The file can't be relied on any more. */
  readonly fatal: boolean
}

export interface StateFileOptions {
  readonly file: string
  readonly synchronous: 'full' | 'normal'
  readonly maxBytes: number | undefined
}

export interface StateBatch {
  readonly changes: readonly StateChange[]
  readonly above: number
}

/** What became of one batch of a group. */
export type BatchOutcome = { readonly commit: StateCommit } | { readonly failure: WireFailure }

/** What the worker does for the main thread: the argument of each call and its answer. */
export interface StateCalls {
  open: { takes: StateFileOptions, gives: undefined }
  getMany: { takes: readonly string[], gives: ReadonlyArray<StateValue | undefined> }
  list: { takes: { readonly prefix: string, readonly after: string | undefined, readonly limit: number }, gives: StatePage }
  count: { takes: string, gives: number }
  stats: { takes: undefined, gives: StateStats }
  /** Batches that share a transaction. Each stands and falls alone. */
  commit: { takes: readonly StateBatch[], gives: readonly BatchOutcome[] }
  close: { takes: undefined, gives: undefined }
}

export type StateCallName = keyof StateCalls

/** The calls as methods. */
export type StateService = { readonly [K in StateCallName]: (argument: StateCalls[K]['takes']) => StateCalls[K]['gives'] }

export interface StateRequest<K extends StateCallName = StateCallName> {
  readonly id: number
  readonly call: K
  readonly argument: StateCalls[K]['takes']
}

export type StateAnswer =
  | { readonly id: number, readonly value: unknown }
  | { readonly id: number, readonly failure: WireFailure }
