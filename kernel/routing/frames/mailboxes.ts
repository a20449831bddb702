import { FRAME, PRIORITY } from '../../contract/in-shard.js'
import type { FrameSlab } from './frame-slab.js'

/** Places, and bytes, that every mailbox keeps for what the platform says, beyond its ordinary bounds. */
export const FAILURE_PLACES = 16
export const FAILURE_BYTES = 65_536

const LEVELS = PRIORITY.length
/** Messages of each level, from low to critical, in a round of a mailbox in which all of them wait. */
export const SHARES = [1, 2, 4, 8] as const
/** The highest level in each set of levels. */
const HIGHEST = Int8Array.from({ length: 1 << LEVELS }, (_, set) => 31 - Math.clz32(set))

/**
 * The bounded queues of all agents of a shard, as lists through the slab: no allocation per message. Each has a list for
 * every priority. Where several levels wait, higher ones go first, but none takes more than its share of a round
 * ({@link SHARES}): nothing starves. The bounds are those of all levels together.
 */
export class Mailboxes {
  /** By place and level. */
  readonly #head: Int32Array
  readonly #tail: Int32Array
  /** What is left of each level's share. */
  readonly #left: Uint8Array
  /** By place: the set of levels in which something waits. */
  readonly #levels: Uint8Array
  readonly #count: Int32Array
  readonly #bytes: Float64Array
  readonly #messageBound: Int32Array

  /**
   * @param places How many agents there can be.
   * @param byteBound Most bytes in one mailbox.
   */
  constructor (private readonly slab: FrameSlab, places: number, private readonly byteBound: number) {
    this.#head = new Int32Array(places * LEVELS).fill(-1)
    this.#tail = new Int32Array(places * LEVELS).fill(-1)
    this.#left = new Uint8Array(places * LEVELS)
    this.#levels = new Uint8Array(places)
    this.#count = new Int32Array(places)
    this.#bytes = new Float64Array(places)
    this.#messageBound = new Int32Array(places)
  }

  /** Sets how many ordinary messages a mailbox holds, and begins a round. */
  bound (place: number, messages: number): void {
    this.#messageBound[place] = messages
    this.#left.set(SHARES, place * LEVELS)
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

  /** Appends the frame in a slot to its level. */
  push (place: number, reference: number, length: number): void {
    const level = this.slab.view(reference).getUint8(this.slab.offset(reference) + FRAME.priority)
    const list = place * LEVELS + level
    const tail = this.#tail[list] ?? -1
    if (tail < 0) this.#head[list] = reference
    else this.slab.setNext(tail, reference)
    this.slab.setNext(reference, -1)
    this.#tail[list] = reference
    this.#levels[place] = (this.#levels[place] ?? 0) | 1 << level
    this.#count[place] = this.count(place) + 1
    this.#bytes[place] = (this.#bytes[place] ?? 0) + length
  }

  /** Takes out the frame whose turn it is, or answers -1; the slot becomes the caller's, to release. */
  take (place: number): number {
    const levels = this.#levels[place] ?? 0
    if (levels === 0) return -1
    const highest = HIGHEST[levels] ?? 0
    // With one level there is nothing to share.
    const level = levels === 1 << highest ? highest : this.#turn(place, levels)
    const list = place * LEVELS + level
    const reference = this.#head[list] ?? -1
    const following = this.slab.next(reference)
    this.#head[list] = following
    if (following < 0) {
      this.#tail[list] = -1
      this.#levels[place] = levels & ~(1 << level)
    }
    this.#count[place] = this.count(place) - 1
    const length = this.slab.view(reference).getUint32(this.slab.offset(reference) + FRAME.length, true)
    this.#bytes[place] = (this.#bytes[place] ?? 0) - length
    return reference
  }

  /** The highest waiting level that has something left of its share; when none has, a new round begins. */
  #turn (place: number, levels: number): number {
    const first = place * LEVELS
    for (;;) {
      for (let level = LEVELS - 1; level >= 0; level--) {
        const left = this.#left[first + level] ?? 0
        if ((levels & 1 << level) === 0 || left === 0) continue
        this.#left[first + level] = left - 1
        return level
      }
      for (let level = 0; level < LEVELS; level++) this.#left[first + level] = SHARES[level] ?? 1
    }
  }
}
