import type { Clock, Timer } from '../../kernel/contract/index.js'
import { settled } from './virtual-clock.js'

interface Event {
  readonly due: number
  readonly order: number
  action: (() => void) | undefined
}

/** Virtual time for many timers: a heap, where `VirtualClock` looks through all of them. */
export class EventScheduler implements Clock {
  readonly #heap: Event[] = []
  #time = 0
  #orders = 0
  #live = 0

  constructor (private readonly epoch = Date.UTC(2030, 0, 1)) {}

  now (): number {
    return this.epoch + this.#time
  }

  elapsed (): number {
    return this.#time
  }

  /** Timers that are set and have not fired. */
  get pending (): number {
    return this.#live
  }

  after (milliseconds: number, action: () => void): Timer {
    const event: Event = { due: this.#time + Math.max(0, milliseconds), order: this.#orders++, action }
    this.#live += 1
    this.#push(event)
    return {
      cancel: () => {
        if (event.action !== undefined) this.#live -= 1
        event.action = undefined
      },
    }
  }

  /** Lets time go by; promises settle whenever something happened. */
  async pass (milliseconds: number): Promise<void> {
    const target = this.#time + milliseconds
    await settled()
    for (let next = this.#heap[0]; next !== undefined && next.due <= target; next = this.#heap[0]) {
      this.#pop()
      const { action } = next
      if (action === undefined) continue
      next.action = undefined
      this.#live -= 1
      this.#time = next.due
      action()
      await promisesRan()
    }
    this.#time = target
    await settled()
  }

  #push (event: Event): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || isBefore(above, event)) break
      heap[at] = above
      at = parent
    }
    heap[at] = event
  }

  #pop (): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (left === undefined) break
      if (right !== undefined && isBefore(right, left)) child += 1
      const smaller = heap[child]
      if (smaller === undefined || isBefore(last, smaller)) break
      heap[at] = smaller
      at = child
    }
    heap[at] = last
  }
}

const isBefore = (one: Event, other: Event): boolean => one.due < other.due || (one.due === other.due && one.order < other.order)

/** Chains of promises are short in what runs on virtual time; where one is longer, the next event lets it go on. */
async function promisesRan (): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await Promise.resolve()
}
