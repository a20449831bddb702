import { DELIVERY, FRAME } from '../../contract/index.js'

const EXACTLY_ONCE = DELIVERY.indexOf('exactly-once')

/** A durable message in memory, on its way to its receiver. */
export interface Held {
  readonly key: string
  readonly sender: string
  readonly frame: Uint8Array
  /** Messages of one flow are handled one after the other (DESIGN §4: per conversation, sender and receiver). */
  readonly flow: string
  attempts: number
  /** May have been handled before. */
  redelivered: boolean
}

/** An exactly-once message that failed goes alone: what its receiver does beside it would be undone with it, again and again. */
export const isToGoAlone = (held: Held | undefined): boolean =>
  held !== undefined && held.attempts > 0 && held.frame[FRAME.delivery] === EXACTLY_ONCE

/** Most messages, and bytes of them, that one inbox holds in memory; the others wait in the store. */
const MOST_HELD = 1_024
const MOST_BYTES = 1024 * 1024

/** Room for the messages of all inboxes together, in bytes. One message of each inbox is held in any case. */
export interface HeldRoom {
  left: number
}

/**
 * The durable messages for one receiver: those that are held in memory, by flow, and whether more wait in the store. Of each flow
 * one message at a time is on its way, so that a message that has to be tried again holds up its own flow and no other.
 */
export class DurableInbox {
  readonly #flows = new Map<string, Held[]>()
  /** Flows whose first message may go, in turn. */
  #ready: string[] = []
  #held = 0
  #bytes = 0
  /** Key of the last message that was taken into memory. */
  #last: string | undefined
  #storeHasMore = false
  #skipped = false
  #loading = false
  #isCleared = false
  /** The message that is on its way goes alone. */
  isAlone = false

  constructor (readonly name: string, private readonly room: HeldRoom) {}

  get isEmpty (): boolean {
    return this.#held === 0 && !this.#storeHasMore
  }

  /** Says that there are messages in the store which nobody has looked at. */
  expectStored (): void {
    this.#storeHasMore = true
  }

  /** Takes in a message that was just kept, or leaves it to the store when there is no room or others wait there before it. */
  offer (held: Held): void {
    if (this.#storeHasMore || this.#isFull) {
      this.#storeHasMore = true
      this.#skipped = true
    } else {
      this.#add(held)
    }
  }

  /** The message that {@link next} would give. */
  peek (): Held | undefined {
    const [flow] = this.#ready
    return flow === undefined ? undefined : this.#flows.get(flow)?.[0]
  }

  /** The next message that may go. Its flow waits until {@link done} or {@link release}. */
  next (): Held | undefined {
    const flow = this.#ready.shift()
    return flow === undefined ? undefined : this.#flows.get(flow)?.[0]
  }

  /** A message was handled, or given up: the next one of its flow may go. */
  done (held: Held): void {
    const waiting = this.#flows.get(held.flow)
    if (waiting?.[0] !== held) return
    waiting.shift()
    this.#held -= 1
    this.#bytes -= held.frame.length
    this.room.left += held.frame.length
    if (waiting.length > 0) this.#ready.push(held.flow)
    else this.#flows.delete(held.flow)
  }

  /** A message that came back may go again. */
  release (held: Held): void {
    if (this.#flows.get(held.flow)?.[0] === held) this.#ready.push(held.flow)
  }

  /**
   * Reads on in the store when there is room, by `load`, which gives at most so many messages behind a key, in order. Answers whether
   * something came, or came into the store meanwhile: then there is something to do.
   */
  async refill (load: (after: string | undefined, most: number) => Promise<readonly Held[]>): Promise<boolean> {
    if (!this.#storeHasMore || this.#loading) return false
    const isHalfFull = this.#held > MOST_HELD / 2 || this.#bytes > MOST_BYTES / 2
    if (isHalfFull || (this.room.left <= 0 && this.#held > 0)) return false
    this.#loading = true
    this.#skipped = false
    const most = this.room.left > 0 ? MOST_HELD / 2 : 1
    try {
      const loaded = await load(this.#last, most)
      if (this.#isCleared) return false
      for (const held of loaded) this.#add(held)
      this.#storeHasMore = this.#skipped || loaded.length === most
      return this.#storeHasMore || loaded.length > 0
    } finally {
      this.#loading = false
    }
  }

  /** Forgets everything held, for good: what is being loaded is not taken in any more. */
  clear (): void {
    this.#isCleared = true
    this.#flows.clear()
    this.#ready = []
    this.#held = 0
    this.room.left += this.#bytes
    this.#bytes = 0
    this.#storeHasMore = false
  }

  get #isFull (): boolean {
    return this.#held >= MOST_HELD || this.#bytes >= MOST_BYTES || (this.room.left <= 0 && this.#held > 0)
  }

  #add (held: Held): void {
    this.#last = held.key
    this.#held += 1
    this.#bytes += held.frame.length
    this.room.left -= held.frame.length
    const waiting = this.#flows.get(held.flow)
    if (waiting !== undefined) {
      waiting.push(held)
      return
    }
    this.#flows.set(held.flow, [held])
    this.#ready.push(held.flow)
  }
}
