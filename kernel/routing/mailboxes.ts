import type { FrameSlab } from './frame-slab.js'

/** Places, and bytes, that every mailbox keeps for what the platform says, beyond its ordinary bounds. */
export const FAILURE_PLACES = 16
export const FAILURE_BYTES = 65_536

/** The bounded queues of all agents of a shard, as lists through the slab: no allocation per message. */
export class Mailboxes {
  readonly #head: Int32Array
  readonly #tail: Int32Array
  readonly #count: Int32Array
  readonly #bytes: Float64Array
  readonly #messageBound: Int32Array

  /**
   * @param places How many agents there can be.
   * @param byteBound Most bytes in one mailbox.
   */
  constructor (private readonly slab: FrameSlab, places: number, private readonly byteBound: number) {
    this.#head = new Int32Array(places).fill(-1)
    this.#tail = new Int32Array(places).fill(-1)
    this.#count = new Int32Array(places)
    this.#bytes = new Float64Array(places)
    this.#messageBound = new Int32Array(places)
  }

  /** Sets how many ordinary messages a mailbox holds. */
  bound (place: number, messages: number): void {
    this.#messageBound[place] = messages
  }

  count (place: number): number {
    return this.#count[place] ?? 0
  }

  /**
   * Whether one more message of `length` bytes would be taken. An empty mailbox takes a message of any length, or a
   * long one could never be received. Failures have {@link FAILURE_PLACES} and {@link FAILURE_BYTES} of their own.
   */
  accepts (place: number, length: number, isFailure: boolean): boolean {
    const count = this.count(place)
    if (count >= (this.#messageBound[place] ?? 0) + (isFailure ? FAILURE_PLACES : 0)) return false
    return count === 0 || (this.#bytes[place] ?? 0) + length <= this.byteBound + (isFailure ? FAILURE_BYTES : 0)
  }

  push (place: number, reference: number, length: number): void {
    const tail = this.#tail[place] ?? -1
    if (tail < 0) this.#head[place] = reference
    else this.slab.setNext(tail, reference)
    this.slab.setNext(reference, -1)
    this.#tail[place] = reference
    this.#count[place] = this.count(place) + 1
    this.#bytes[place] = (this.#bytes[place] ?? 0) + length
  }

  /** The oldest frame, or -1. */
  first (place: number): number {
    return this.#head[place] ?? -1
  }

  /** Takes the oldest frame out; the slot stays the caller's to release. */
  shift (place: number, length: number): void {
    const reference = this.first(place)
    const following = this.slab.next(reference)
    this.#head[place] = following
    if (following < 0) this.#tail[place] = -1
    this.#count[place] = this.count(place) - 1
    this.#bytes[place] = (this.#bytes[place] ?? 0) - length
  }
}
