import type { Versions } from './messages.js'

/**
 * What Serf (0.8 to 0.10) says in memberlist's user messages, user state and query payloads. Times are Lamport times: 0 to 2^53 - 1,
 * larger ones are refused. Hosts are IP addresses in text.
 */

export interface LeaveIntent {
  readonly kind: 'leave'
  readonly time: number
  readonly node: string
  /** Whether the node is to be forgotten at once. */
  readonly prune: boolean
}

export interface JoinIntent {
  readonly kind: 'join'
  readonly time: number
  readonly node: string
}

/** An event that still stands in a node's buffer. */
export interface PastEvent {
  readonly name: string
  readonly payload: Uint8Array
}

/** The user state of a push/pull. */
export interface SerfState {
  readonly kind: 'state'
  readonly time: number
  /** By node, when its status was last told. */
  readonly statusTimes: ReadonlyMap<string, number>
  readonly leftMembers: readonly string[]
  readonly eventTime: number
  /** At most 512 times, each with its events. */
  readonly events: readonly { readonly time: number, readonly events: readonly PastEvent[] }[]
  readonly queryTime: number
}

export interface UserEvent {
  readonly kind: 'event'
  readonly time: number
  readonly name: string
  readonly payload: Uint8Array
  /** Whether receivers may fold several of one name into the latest. */
  readonly coalesce: boolean
}

/** Whom a query is for. `unknown`: it is for nobody who does not know the filter. */
export type QueryFilter =
  | { readonly kind: 'nodes', readonly nodes: readonly string[] }
  | { readonly kind: 'tag', readonly tag: string, readonly expression: string }
  | { readonly kind: 'unknown', readonly bytes: Uint8Array }

export interface Query {
  readonly kind: 'query'
  readonly time: number
  /** 0 to 2^32 - 1. */
  readonly id: number
  /** Where answers go. */
  readonly host: string
  readonly port: number
  /** Empty where an old node does not tell. */
  readonly sourceNode: string
  /** All must match. */
  readonly filters: readonly QueryFilter[]
  readonly wantsAck: boolean
  /** Whether it is to stay where it was sent to. */
  readonly noBroadcast: boolean
  /** How many others carry the answer too, 0 to 255. */
  readonly relayFactor: number
  /** Milliseconds. */
  readonly timeout: number
  readonly name: string
  readonly payload: Uint8Array
}

export interface QueryResponse {
  readonly kind: 'response'
  readonly time: number
  readonly id: number
  readonly from: string
  /** True: the query arrived, an answer may follow. */
  readonly isAck: boolean
  readonly payload: Uint8Array
}

/** Serf's own states of a member, in the order of their numbers. */
export const SERF_STATUSES = ['none', 'alive', 'leaving', 'left', 'failed'] as const

export type SerfStatus = typeof SERF_STATUSES[number]

/** Answers `_serf_conflict`: whom the sender knows under the name. */
export interface ConflictResponse {
  readonly kind: 'conflict-response'
  readonly node: string
  readonly host: string
  readonly port: number
  readonly tags: ReadonlyMap<string, string>
  readonly status: SerfStatus
  readonly versions: Versions
}

/** The payload of `_serf_install-key`, `_serf_use-key`, `_serf_remove-key` and `_serf_list-keys`. */
export interface KeyRequest {
  readonly kind: 'key-request'
  /** Empty for the list. */
  readonly key: Uint8Array
}

export interface KeyResponse {
  readonly kind: 'key-response'
  readonly succeeded: boolean
  /** What went wrong. */
  readonly message: string
  /** Base64. */
  readonly keys: readonly string[]
  /** Base64; empty where the sender does not tell. */
  readonly primaryKey: string
}

/** Asks a third node to hand a message on. */
export interface Relay {
  readonly kind: 'relay'
  readonly node: string
  readonly host: string
  readonly port: number
  /** A whole Serf message. */
  readonly message: Uint8Array
}

export type SerfMessage = LeaveIntent | JoinIntent | SerfState | UserEvent | Query | QueryResponse | ConflictResponse | KeyRequest
  | KeyResponse | Relay

/** A node's tags, which travel in its meta. */
export type Tags = ReadonlyMap<string, string>
