import { HOST_RESULTS, type GuestHost } from '../../../kernel/contract/in-shard.js'
import type { GuestTerms } from '../guest-terms.js'
import { GuestMemory } from './guest-memory.js'
import { WordSource } from './word-source.js'

/** The guest for whom the functions handed to guests act. */
export interface Occupant {
  readonly memory: GuestMemory
  readonly host: GuestHost
  readonly terms: GuestTerms
}

const UNAVAILABLE = (): number => HOST_RESULTS.unavailable
const NO_HOST: GuestHost = {
  send: UNAVAILABLE,
  self: () => 0n,
  lookup: () => 0n,
  register: UNAVAILABLE,
  subscribe: UNAVAILABLE,
  now: () => 0n,
  random: UNAVAILABLE,
  timer: UNAVAILABLE,
  log: () => {},
  call: UNAVAILABLE,
}

/** Nobody: has no memory and reaches nothing. */
const NOBODY: Occupant = {
  memory: new GuestMemory(0, new WordSource()),
  host: NO_HOST,
  terms: { memoryBytes: 0, messageBytes: 0, perMessage: 0n, perStart: 0n },
}

/**
 * Says whose turn it is. All guests of a shard that run one module share the functions that they import, and run one at
 * a time: a guest takes the seat when the host enters it and leaves it when that ends, however it ends. While nobody
 * sits there, the functions do nothing. Guests never enter one another; if they did, the outer one would find the seat
 * empty.
 */
export class GuestSeat {
  occupant: Occupant = NOBODY

  /** `logBytes`: longest log line, in bytes. */
  constructor (readonly logBytes: number) {}

  leave (): void {
    this.occupant = NOBODY
  }
}

/** A function handed to guests. */
export type HostFunction = (...parameters: never[]) => number | bigint | void
