const SMALLEST_BITS = 8
const LARGEST_BITS = 21
const SEGMENT_BITS = 20
const INDEX_BITS = 24

/** Slots of one size. */
class SlotPool {
  readonly segments: Uint8Array[] = []
  readonly views: DataView[] = []
  next = new Int32Array(0)
  stamp = new Float64Array(0)
  free = -1
  readonly slotsPerSegmentBits: number

  constructor (readonly slotBits: number) {
    this.slotsPerSegmentBits = Math.max(0, SEGMENT_BITS - slotBits)
  }

  get segmentBytes (): number {
    return 1 << (this.slotBits + this.slotsPerSegmentBits)
  }

  grow (): void {
    const first = this.segments.length << this.slotsPerSegmentBits
    const count = 1 << this.slotsPerSegmentBits
    const memory = new ArrayBuffer(this.segmentBytes)
    this.segments.push(new Uint8Array(memory))
    this.views.push(new DataView(memory))
    const next = new Int32Array(first + count)
    next.set(this.next)
    for (let index = first; index < first + count; index++) next[index] = index + 1 < first + count ? index + 1 : this.free
    const stamp = new Float64Array(first + count)
    stamp.set(this.stamp)
    this.next = next
    this.stamp = stamp
    this.free = first
  }
}

/**
 * Where waiting frames lie inside a shard: slots of power-of-two sizes in big buffers, so that a message costs no
 * allocation once the slab has grown to its working size. A reference is a small integer: pool, then index in the pool.
 */
export class FrameSlab {
  readonly #pools: SlotPool[] = []
  #bytes = 0

  /** @param maximumBytes Upper bound of all slots together; beyond it {@link acquire} answers -1. */
  constructor (readonly maximumBytes: number) {
    for (let bits = SMALLEST_BITS; bits <= LARGEST_BITS; bits++) this.#pools.push(new SlotPool(bits))
  }

  /** Bytes held, used or free. */
  get heldBytes (): number {
    return this.#bytes
  }

  /** A slot for a frame of `length` bytes (at most 2 MiB), or -1 when the slab is full. */
  acquire (length: number): number {
    const which = length <= 256 ? 0 : 32 - Math.clz32(length - 1) - SMALLEST_BITS
    const pool = this.#pools[which]
    if (pool === undefined) return -1
    if (pool.free < 0) {
      if (this.#bytes + pool.segmentBytes > this.maximumBytes) return -1
      this.#bytes += pool.segmentBytes
      pool.grow()
    }
    const index = pool.free
    pool.free = pool.next[index] ?? -1
    pool.next[index] = -1
    return which << INDEX_BITS | index
  }

  release (reference: number): void {
    const pool = this.#poolOf(reference)
    const index = reference & INDEX_MASK
    pool.next[index] = pool.free
    pool.free = index
  }

  /** Buffer in which the slot lies. */
  bytes (reference: number): Uint8Array {
    const pool = this.#poolOf(reference)
    return pool.segments[(reference & INDEX_MASK) >>> pool.slotsPerSegmentBits] ?? NOTHING
  }

  view (reference: number): DataView {
    const pool = this.#poolOf(reference)
    return pool.views[(reference & INDEX_MASK) >>> pool.slotsPerSegmentBits] ?? NO_VIEW
  }

  /** Where in {@link bytes} the slot begins. */
  offset (reference: number): number {
    const pool = this.#poolOf(reference)
    return (reference & (1 << pool.slotsPerSegmentBits) - 1) << pool.slotBits
  }

  /** The slot that follows this one in whatever list it stands, or -1. */
  next (reference: number): number {
    return this.#poolOf(reference).next[reference & INDEX_MASK] ?? -1
  }

  setNext (reference: number, following: number): void {
    this.#poolOf(reference).next[reference & INDEX_MASK] = following
  }

  /** The time written down for the slot, in the owner's unit. */
  stamp (reference: number): number {
    return this.#poolOf(reference).stamp[reference & INDEX_MASK] ?? 0
  }

  setStamp (reference: number, time: number): void {
    this.#poolOf(reference).stamp[reference & INDEX_MASK] = time
  }

  #poolOf (reference: number): SlotPool {
    const pool = this.#pools[reference >>> INDEX_BITS]
    if (pool === undefined) throw new RangeError(`no slot has the reference ${reference}`)
    return pool
  }
}

const INDEX_MASK = (1 << INDEX_BITS) - 1
const NOTHING = new Uint8Array(0)
const NO_VIEW = new DataView(NOTHING.buffer)
