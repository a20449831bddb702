import type { GuestHost } from '../../../kernel/contract/index.js'
import type { GuestMemory } from './guest-memory.js'

/** What the functions handed to one guest work on. */
export interface GuestEnvironment {
  readonly memory: GuestMemory
  readonly host: GuestHost
  /** Largest frame, in bytes. */
  readonly messageBytes: number
  /** Longest log line, in bytes. */
  readonly logBytes: number
}

/** A function handed to a guest. */
export type HostFunction = (...parameters: never[]) => number | bigint | void
