import type { ToolCaller } from '../../../kernel/contract/index.js'
import type { JsonObject } from './state-actions.js'

/** One call of a tool, wherever it came from. */
export interface StateCall {
  readonly tool: string
  readonly arguments: JsonObject
  readonly caller: ToolCaller
  /** The idempotency key, where the caller has one. */
  readonly key?: string | undefined
}

export interface StateCallResult {
  /** Of the tool's output schema; or `{ error: { code, message, remedy, again, details } }`. */
  readonly structured: JsonObject
  readonly isError: boolean
  /** Whether the same call may do better later. */
  readonly again: boolean
}
