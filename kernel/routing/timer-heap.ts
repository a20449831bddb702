/** Something that is due at a time. Entries are cancelled by making them stale, not by taking them out. */
export interface TimerEntry {
  readonly due: number
  readonly owner: number
  readonly id: number
  cancelled: boolean
}

/** Below this many entries nobody looks for stale ones. */
const FEW = 1_024

/** Timers of one thread, earliest first: a binary heap. Stale entries go before they are as many as twice the others. */
export class TimerHeap {
  #heap: TimerEntry[] = []
  #sweepAt = FEW

  get size (): number {
    return this.#heap.length
  }

  /** When the earliest entry is due, or Infinity. */
  get due (): number {
    return this.#heap[0]?.due ?? Infinity
  }

  add (entry: TimerEntry): void {
    if (this.#heap.length >= this.#sweepAt) this.#sweep()
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

  /** Takes the earliest entry if it is due and not cancelled; cancelled ones fall out on the way. */
  take (now: number): TimerEntry | undefined {
    for (let first = this.#heap[0]; first !== undefined && first.due <= now; first = this.#heap[0]) {
      this.#removeFirst()
      if (!first.cancelled) return first
    }
    return undefined
  }

  /** Somebody who sets a far timer again and again must not fill the memory with what he no longer wants. */
  #sweep (): void {
    this.#heap = this.#heap.filter(entry => !entry.cancelled).sort((one, other) => one.due - other.due)
    this.#sweepAt = Math.max(FEW, this.#heap.length * 2)
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
