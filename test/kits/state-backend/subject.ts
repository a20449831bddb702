import assert from 'node:assert/strict'
import type { StateBackend, StateChange, StateCommit } from '../../../kernel/contract/index.js'

/** A started backend as the kit sees it. */
export interface StateBackendSubject {
  readonly backend: StateBackend
  /** Stops the backend; the kit calls it at most once, before `teardown`. */
  stop (): Promise<void>
  /** Stops the backend and gives one that was started on the same data. Not called when `restart` is lacking. */
  reopen? (): Promise<StateBackend>
  /** A second backend on the same data, as another server has it. Not called when `sharing` is lacking. */
  second? (): Promise<StateBackend>
}

/** A change that stores `value`, as JSON. */
export const put = (key: string, value: unknown = key, expected?: number): StateChange =>
  ({ key, json: JSON.stringify(value), ...expected === undefined ? {} : { expected } })

export const remove = (key: string, expected?: number): StateChange =>
  ({ key, delete: true, ...expected === undefined ? {} : { expected } })

/** Stores keys, each with its own name as its value. */
export const fill = (backend: StateBackend, keys: readonly string[]): Promise<StateCommit> => backend.commit(keys.map(key => put(key)))

export async function valueOf (backend: StateBackend, key: string): Promise<unknown> {
  const found = await backend.get(key)
  return found === undefined ? undefined : JSON.parse(found.json)
}

/** Every key of a prefix, page by page. */
export async function keys (backend: StateBackend, prefix = '', limit = 1000): Promise<string[]> {
  const found: string[] = []
  for (let more = true; more;) {
    const page = await backend.list(prefix, found.at(-1), limit)
    assert.ok(page.keys.length <= limit, `a page of ${limit} has ${page.keys.length} keys`)
    assert.ok(page.keys.length > 0 || !page.more, 'an empty page says that there is more')
    found.push(...page.keys)
    more = page.more
  }
  return found
}

/** The promise rejects with an error of this code. */
export async function refuses (code: string, promise: Promise<unknown>): Promise<object> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof Error, `rejected with ${String(error)}, not an Error`)
    assert.equal('code' in error ? error.code : undefined, code, error.message)
    return 'details' in error && typeof error.details === 'object' && error.details !== null ? error.details : {}
  }
  assert.fail(`was not refused with ${code}`)
}
