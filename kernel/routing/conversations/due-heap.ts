/**
 * Small integers that are due at a time, earliest first: a binary heap that knows where each item
 * stands, so that a time is changed or taken back without a search and without leaving anything behind.
 */
export class DueHeap {
  readonly #items: number[] = []
  /** By item. */
  readonly #due: number[] = []
  /** By item: its position plus one; 0 when it is not in the heap. */
  readonly #places: number[] = []
  #size = 0

  get size (): number {
    return this.#size
  }

  /** The item that is due first, or -1. */
  get first (): number {
    return this.#size === 0 ? -1 : this.#items[0] ?? -1
  }

  /** When {@link first} is due, or Infinity. */
  get due (): number {
    return this.dueOf(this.first)
  }

  /** When an item is due, or Infinity when it is not in the heap. */
  dueOf (item: number): number {
    return (this.#places[item] ?? 0) === 0 ? Infinity : this.#due[item] ?? Infinity
  }

  /** Adds an item, or gives it another time. */
  set (item: number, due: number): void {
    while (item >= this.#places.length) {
      this.#places.push(0)
      this.#due.push(Infinity)
    }
    const place = this.#places[item] ?? 0
    this.#due[item] = due
    if (place === 0) {
      this.#rise(item, this.#size++)
      return
    }
    this.#settle(item, place - 1)
  }

  /** Does nothing when the item is not there. */
  remove (item: number): void {
    const place = this.#places[item] ?? 0
    if (place === 0) return
    this.#places[item] = 0
    this.#size -= 1
    const moved = this.#items[this.#size] ?? 0
    if (moved !== item) this.#settle(moved, place - 1)
  }

  /** Puts an item where it belongs, beginning the search at a place that is free for it. */
  #settle (item: number, from: number): void {
    this.#sink(item, this.#rise(item, from))
  }

  #rise (item: number, from: number): number {
    const due = this.#due[item] ?? 0
    let place = from
    while (place > 0) {
      const above = place - 1 >> 1
      const parent = this.#items[above] ?? 0
      if ((this.#due[parent] ?? 0) <= due) break
      this.#stand(parent, place)
      place = above
    }
    this.#stand(item, place)
    return place
  }

  #sink (item: number, from: number): void {
    const due = this.#due[item] ?? 0
    let place = from
    for (;;) {
      let below = place * 2 + 1
      if (below >= this.#size) break
      if (below + 1 < this.#size && this.#dueAt(below + 1) < this.#dueAt(below)) below += 1
      if (this.#dueAt(below) >= due) break
      this.#stand(this.#items[below] ?? 0, place)
      place = below
    }
    this.#stand(item, place)
  }

  #dueAt (place: number): number {
    return this.#due[this.#items[place] ?? 0] ?? 0
  }

  #stand (item: number, place: number): void {
    this.#items[place] = item
    this.#places[item] = place + 1
  }
}
