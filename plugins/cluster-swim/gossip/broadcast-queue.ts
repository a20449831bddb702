import { COMPOUND_OVERHEAD } from '../wire/compound.js'

const PART_OVERHEAD = COMPOUND_OVERHEAD.message
/** No message is shorter. */
const SMALLEST = 16
/** Most messages of the layer above that wait. Those about nodes are bounded by the number of nodes. */
const MOST_UNNAMED = 1024

interface Waiting {
  readonly subject: string | undefined
  readonly bytes: Uint8Array
  readonly sent: (() => void) | undefined
  transmits: number
}

/**
 * What is to be told to everybody, each as often as it takes to reach all (memberlist §6.9). What was told least often goes
 * first; news about a node replaces what was said of it before.
 */
export class BroadcastQueue {
  /** By how often it was sent, each oldest first. */
  #tiers: Array<Set<Waiting>> = []
  readonly #named = new Map<string, Waiting>()
  #unnamed = 0
  #bytes = 0
  /** Messages that were given up because too many waited. */
  dropped = 0

  /** `limit`: how often each is sent. */
  constructor (private readonly limit: () => number) {}

  get size (): number {
    return this.#named.size + this.#unnamed
  }

  /** What is waiting, as it stands in packets. */
  get bytes (): number {
    return this.#bytes
  }

  /** `subject`: the node that it is about. `sent` is called once, after the message went out for the first time or was replaced. */
  put (bytes: Uint8Array, subject?: string, sent?: () => void): void {
    const waiting: Waiting = { subject, bytes, sent, transmits: 0 }
    if (subject === undefined) {
      if (this.#unnamed >= MOST_UNNAMED) this.#dropOldest()
      this.#unnamed += 1
    } else {
      const older = this.#named.get(subject)
      if (older !== undefined) this.#forget(older)
      this.#named.set(subject, waiting)
    }
    this.#bytes += bytes.length + PART_OVERHEAD
    this.#tier(0).add(waiting)
  }

  /** Messages that fit into `room` bytes together; each counts as sent. */
  take (room: number): Uint8Array[] {
    const limit = this.limit()
    const taken: Waiting[] = []
    let left = room
    for (const tier of this.#tiers) {
      if (left <= SMALLEST + PART_OVERHEAD) break
      if (tier.size === 0) continue
      // Newest first.
      for (const waiting of [...tier].reverse()) {
        if (left <= SMALLEST + PART_OVERHEAD) break
        if (waiting.bytes.length + PART_OVERHEAD > left) continue
        left -= waiting.bytes.length + PART_OVERHEAD
        taken.push(waiting)
      }
    }
    for (const waiting of taken) this.#count(waiting, limit)
    return taken.map(({ bytes }) => bytes)
  }

  #count (waiting: Waiting, limit: number): void {
    this.#tiers[waiting.transmits]?.delete(waiting)
    waiting.transmits += 1
    if (waiting.transmits === 1) waiting.sent?.()
    if (waiting.transmits < limit) this.#tier(waiting.transmits).add(waiting)
    else this.#leave(waiting)
  }

  #forget (waiting: Waiting): void {
    this.#tiers[waiting.transmits]?.delete(waiting)
    this.#leave(waiting)
    if (waiting.transmits === 0) waiting.sent?.()
  }

  #leave (waiting: Waiting): void {
    this.#bytes -= waiting.bytes.length + PART_OVERHEAD
    if (waiting.subject === undefined) this.#unnamed -= 1
    else if (this.#named.get(waiting.subject) === waiting) this.#named.delete(waiting.subject)
  }

  #tier (transmits: number): Set<Waiting> {
    for (let at = this.#tiers.length; at <= transmits; at++) this.#tiers.push(new Set())
    return this.#tiers[transmits] ?? new Set()
  }

  /** Of those that name nobody, the one that was sent most often. */
  #dropOldest (): void {
    for (const tier of this.#tiers.toReversed()) {
      for (const waiting of tier) {
        if (waiting.subject !== undefined) continue
        this.#forget(waiting)
        this.dropped += 1
        return
      }
    }
  }
}
