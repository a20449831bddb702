import { tokenMany } from '../token.js'

/** A value with its version. */
export interface StateValue {
  /** JSON text, given back character for character as it was stored. */
  readonly json: string
  /** From 1; each change of a key gives it a version higher than any that it had before, also when it was deleted between. */
  readonly version: number
}

/**
 * One change of a batch. With `expected`, the whole batch is refused unless the key has that version at the moment of the commit; 0 stands
 * for "there is no such key".
 */
export type StateChange =
  | { readonly key: string, readonly json: string, readonly expected?: number }
  | { readonly key: string, readonly delete: true, readonly expected?: number }

/** What a batch did. */
export interface StateCommit {
  /** The version of everything that the batch stored. */
  readonly version: number
  /** The version that each key of the batch had before, in the batch's order; 0 for none. */
  readonly before: readonly number[]
}

/** Some of the keys under a prefix. */
export interface StatePage {
  /** Ascending by their UTF-8 bytes. */
  readonly keys: readonly string[]
  /** Whether there are more after the last of them. */
  readonly more: boolean
}

export interface StateStats {
  readonly keys: number
  /** The version of the newest change. */
  readonly version: number
}

/**
 * Where business state is kept. Knows keys and JSON text, but no agents and no rights: those are the state tool's. Called by the state tool
 * from the main thread; no call blocks it, and each ends within the backend's own time-out. Bounds: `STATE_LIMITS`.
 *
 * Errors of every call: `STATE_UNAVAILABLE` (not started, stopped, out of reach), `STATE_TIMEOUT`, `STATE_BUSY`, `STATE_KEY_INVALID`.
 */
export interface StateBackend {
  get (key: string): Promise<StateValue | undefined>
  /**
   * The values of several keys, in their order, at one moment. Answers for as many keys from the front as make up at most
   * `STATE_LIMITS.answerBytes`, and always for the first: who gets fewer than asked asks again for the rest. Errors: `STATE_BATCH_INVALID`
   * for more than `STATE_LIMITS.batch` keys.
   */
  getMany (keys: readonly string[]): Promise<ReadonlyArray<StateValue | undefined>>
  /** At most `limit` keys (1 to `STATE_LIMITS.page`) that begin with `prefix`, which may be empty, and come after the key `after`. */
  list (prefix: string, after: string | undefined, limit: number): Promise<StatePage>
  /** How many keys begin with `prefix`. */
  count (prefix: string): Promise<number>
  /**
   * Applies all changes or none, in one step that no other call sees half done; resolves when they are as durable as the backend makes
   * them. With `above`, the version given is higher than that number. The version rises over the whole backend, so it orders batches.
   *
   * Errors: `STATE_CONFLICT` when a key has not the version that was expected; `STATE_VALUE_INVALID`, `STATE_BATCH_INVALID` (too many, too
   * large, a key twice), `STATE_FULL`; then nothing was changed. After `STATE_TIMEOUT` or `STATE_UNAVAILABLE` the batch may have been
   * applied.
   */
  commit (changes: readonly StateChange[], above?: number): Promise<StateCommit>
  stats (): Promise<StateStats>
}

/** Backends by the name of their plugin's instance; the state tool takes the one that its configuration names. */
export const StateBackendToken = tokenMany<StateBackend>('caxton/state-backend@1')
