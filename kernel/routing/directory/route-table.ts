/** Words per entry: generation, place and slot, condition, delivery mode. */
const WORDS = 4
const SLOT_BITS = 24

/** Where frames for a handle go. */
export const CONDITION = { free: 0, running: 1, draining: 2, stopped: 3, failed: 4, unreachable: 5 } as const
export type Condition = typeof CONDITION[keyof typeof CONDITION]

/** The main thread among the places; shards are 1, 2, 3 ... */
export const MAIN_PLACE = 0

/** Handles that are no agents. */
export const PLATFORM_HANDLE = 0
export const CALLER_HANDLE = 1
/** From here up to the first agent: services of the main thread. */
export const FIRST_SERVICE_HANDLE = 2
export const FIRST_AGENT_HANDLE = 16

/** Handles per server: local agents, callers, services of the main thread, and later the remote agents that are being talked to. */
export const HANDLES = 65_536

export const routeTableBuffer = (): SharedArrayBuffer => new SharedArrayBuffer(HANDLES * WORDS * 4)

/**
 * Which thread serves a handle, in memory that every thread reads: routing is an index, never a message. Only the main
 * thread writes. A generation tells a handle's successive owners apart.
 */
export class RouteTable {
  readonly #words: Int32Array

  constructor (readonly buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer)
  }

  /** Whether handle and generation name somebody who is, or was, reachable. */
  isCurrent (handle: number, generation: number): boolean {
    return handle > 0 && handle < HANDLES && this.#word(handle, 0) === generation && this.#word(handle, 2) !== CONDITION.free
  }

  generation (handle: number): number {
    return this.#word(handle, 0)
  }

  place (handle: number): number {
    return this.#word(handle, 1) >>> SLOT_BITS
  }

  /** Index of the agent within its shard. */
  slot (handle: number): number {
    return this.#word(handle, 1) & (1 << SLOT_BITS) - 1
  }

  condition (handle: number): Condition {
    return this.#word(handle, 2) as Condition
  }

  /** Main thread only. */
  set (handle: number, generation: number, place: number, slot: number, condition: Condition): void {
    const base = handle * WORDS
    Atomics.store(this.#words, base + 2, CONDITION.free)
    Atomics.store(this.#words, base, generation)
    Atomics.store(this.#words, base + 1, place << SLOT_BITS | slot)
    Atomics.store(this.#words, base + 2, condition)
  }

  /** How messages for the owner are delivered at least: a position in `DELIVERY`. */
  delivery (handle: number): number {
    return this.#word(handle, 3)
  }

  /** Main thread only. */
  setDelivery (handle: number, mode: number): void {
    Atomics.store(this.#words, handle * WORDS + 3, mode)
  }

  /** Main thread only. */
  setCondition (handle: number, condition: Condition): void {
    Atomics.store(this.#words, handle * WORDS + 2, condition)
  }

  #word (handle: number, word: number): number {
    return Atomics.load(this.#words, handle * WORDS + word)
  }
}
