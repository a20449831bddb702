import type { PostObserver } from './post-observer.js'
import type { RingWriter } from './frames/ring.js'
import { RingShares } from './frames/ring-shares.js'
import { CONDITION, MAIN_PLACE, type RouteTable } from './directory/route-table.js'
import type { Undeliverable } from './undeliverable.js'
import type { WakeWord } from './frames/wake-word.js'

/** Receivers that live in this thread: agents of a shard, or the callers of main. */
export interface LocalReceivers {
  /**
   * Makes room for a frame; on success {@link bytes}, {@link view} and {@link at} say where it goes. `isFailure`: the
   * platform says that something went wrong, for which there is always a little more room.
   */
  reserve (handle: number, length: number, isFailure: boolean): Undeliverable | undefined
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly at: number
  /** Hands over what was written into the reserved room. */
  commit (): void
}

/** Which ways lead out of a thread. */
export interface DispatchParts {
  /** Number of this thread. */
  readonly place: number
  readonly routes: RouteTable
  /** Rings to the other threads, by place; the own place is undefined. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
  readonly wakes: readonly WakeWord[]
  readonly local: LocalReceivers
  /** Where durable messages go to be kept, in the thread that keeps them; the others send them there. */
  readonly intake?: LocalReceivers
}

/** Longest frame that is copied word by word: up to it, that costs less than making a view of its part, which is also garbage. */
const SHORT = 320

/**
 * Brings a frame to its place: room in the receiver's mailbox, or in the ring of the receiver's thread, is reserved
 * first, then written, then handed over. One reservation at a time; a new one forgets the one before.
 */
export class FrameDispatch {
  /** Where the reserved room lies. */
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  at = 0
  /** Whether the reserved room is in this thread. */
  isLocal = false
  #there = 0
  /** Who takes the frame; undefined: the ring to another thread. */
  #receivers: LocalReceivers | undefined
  readonly #shares = new RingShares()

  constructor (private readonly parts: DispatchParts) {}

  /**
   * Makes room for a frame of `length` bytes, or says why there is none. `sender`: the agent that must leave room for
   * others; 0 for the platform and for callers.
   */
  reserve (
    receiver: number, length: number, inConversation: boolean, isFailure: boolean, sender: number,
  ): Undeliverable | undefined {
    const { routes, place } = this.parts
    const condition = routes.condition(receiver)
    if (condition === CONDITION.free) return 'AGENT_NOT_FOUND'
    if (condition === CONDITION.unreachable) return 'NODE_UNREACHABLE'
    if (condition > CONDITION.draining || (condition === CONDITION.draining && !inConversation)) return 'AGENT_NOT_RUNNING'
    const there = routes.place(receiver)
    return there === place ? this.reserveHere(receiver, length, isFailure) : this.#reserveThere(there, length, sender)
  }

  /** The same for a receiver that is known to live in this thread. */
  reserveHere (receiver: number, length: number, isFailure: boolean): Undeliverable | undefined {
    const refusal = this.reserveWith(this.parts.local, receiver, length, isFailure)
    this.isLocal = true
    return refusal
  }

  /** Makes room for a durable frame where it is kept, whether or not its receiver runs. */
  reserveToKeep (receiver: number, length: number, sender: number): Undeliverable | undefined {
    const { routes, intake } = this.parts
    if (routes.condition(receiver) === CONDITION.free) return 'AGENT_NOT_FOUND'
    return intake === undefined ? this.#reserveThere(MAIN_PLACE, length, sender) : this.reserveWith(intake, receiver, length, false)
  }

  /** Makes room with somebody who takes the frame in the receiver's stead. */
  reserveWith (receivers: LocalReceivers, receiver: number, length: number, isFailure: boolean): Undeliverable | undefined {
    const refusal = receivers.reserve(receiver, length, isFailure)
    if (refusal !== undefined) return refusal
    this.bytes = receivers.bytes
    this.view = receivers.view
    this.at = receivers.at
    this.isLocal = false
    this.#receivers = receivers
    return undefined
  }

  /** Copies a whole frame into the reserved room. `view` is of the same memory as `bytes`, from the same place on. */
  write (bytes: Uint8Array, view: DataView, at: number, length: number): void {
    if (length > SHORT) {
      this.bytes.set(bytes.subarray(at, at + length), this.at)
      return
    }
    const { bytes: to, view: toView, at: toAt } = this
    // By views, because the places need not be multiples of four.
    const words = length & ~3
    for (let done = 0; done < words; done += 4) toView.setInt32(toAt + done, view.getInt32(at + done, true), true)
    for (let done = words; done < length; done++) to[toAt + done] = bytes[at + done] ?? 0
  }

  /** Hands over the frame that was written, of `length` bytes. */
  handOver (length: number, observer: PostObserver): void {
    // A message to another thread is shown where it arrives.
    if (this.isLocal && observer.watching) observer.watch(this.bytes, this.at, length, -1)
    if (this.#receivers !== undefined) {
      this.#receivers.commit()
      return
    }
    this.parts.writers[this.#there]?.publish()
    this.parts.wakes[this.#there]?.signal()
  }

  #reserveThere (there: number, length: number, sender: number): Undeliverable | undefined {
    const writer = this.parts.writers[there]
    if (writer === undefined) return 'AGENT_NOT_FOUND'
    if (length > writer.largest) return 'MESSAGE_TOO_LARGE'
    if (sender !== 0 && !this.#shares.take(sender, writer.isCrowded)) return 'SHARD_BUSY'
    const offset = writer.reserve(length)
    if (offset < 0) return 'SHARD_BUSY'
    this.bytes = writer.bytes
    this.view = writer.view
    this.at = offset
    this.isLocal = false
    this.#receivers = undefined
    this.#there = there
    return undefined
  }
}
