import type { TraceCause } from './frames/message-stamp.js'

/** Something that is due at a time. */
export interface TimerEntry {
  readonly due: number
  readonly owner: number
  readonly id: number
  /** The message in whose handling it was set, if it was one: what it brings about belongs to the same trace. */
  readonly cause?: TraceCause | undefined
  /** Set by {@link TimerHeap.cancel} only. */
  cancelled: boolean
}

/** Cancelled entries that may lie in the heap before they are cleared away, beyond as many as there are living ones. */
const SLACK = 1_024

/**
 * Timers of one thread, earliest first: a binary heap. A cancelled entry falls out when it is due, or when there are
 * many of them, so that setting and cancelling without end costs no memory.
 */
export class TimerHeap {
  #heap: TimerEntry[] = []
  #cancelled = 0

  /** Entries in the heap, cancelled ones included. */
  get size (): number {
    return this.#heap.length
  }

  /** When the earliest entry is due, or Infinity. May be that of a cancelled one. */
  get due (): number {
    return this.#heap[0]?.due ?? Infinity
  }

  add (entry: TimerEntry): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const above = index - 1 >> 1
      const parent = heap[above]
      if (parent === undefined || parent.due <= entry.due) break
      heap[index] = parent
      index = above
    }
    heap[index] = entry
  }

  /** Cancels an entry that was added and not taken. Cancelling twice does nothing. */
  cancel (entry: TimerEntry): void {
    if (entry.cancelled) return
    entry.cancelled = true
    this.#cancelled += 1
    if (this.#cancelled > SLACK && this.#cancelled * 2 > this.#heap.length) this.#clear()
  }

  /** Takes the earliest entry if it is due and not cancelled; cancelled ones fall out on the way. */
  take (now: number): TimerEntry | undefined {
    for (let first = this.#heap[0]; first !== undefined && first.due <= now; first = this.#heap[0]) {
      this.#removeFirst()
      if (!first.cancelled) return first
      this.#cancelled -= 1
    }
    return undefined
  }

  /** A sorted array is a heap. */
  #clear (): void {
    this.#heap = this.#heap.filter(entry => !entry.cancelled).sort((one, other) => one.due - other.due)
    this.#cancelled = 0
  }

  #removeFirst (): void {
    const heap = this.#heap
    const moved = heap.pop()
    if (moved === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let below = index * 2 + 1
      let child = heap[below]
      const right = heap[below + 1]
      if (right !== undefined && child !== undefined && right.due < child.due) {
        below += 1
        child = right
      }
      if (child === undefined || child.due >= moved.due) break
      heap[index] = child
      index = below
    }
    heap[index] = moved
  }
}
