import type { Undeliverable } from './undeliverable.js'

/** Told of everything that passes, and of everything that does not. Must be quick; may keep no reference to `bytes`. */
export interface PostObserver {
  /** Whether anybody wants to see messages that pass. */
  readonly watching: boolean
  /** `outcome`: -1 handed over, else a position in `UNDELIVERABLE`. */
  watch (bytes: Uint8Array, at: number, length: number, outcome: number): void
  deadLetter (bytes: Uint8Array, at: number, length: number, reason: Undeliverable): void
}
