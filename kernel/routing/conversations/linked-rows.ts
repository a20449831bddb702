import { roomForInteger } from './number-rows.js'

/**
 * Lists of small integers, each integer in one list at the most; a list is known by a small integer too. Adding at the
 * end and taking out of the middle cost the same however long the list is, and make no garbage.
 */
export class LinkedRows {
  #firsts = new Int32Array(0)
  #lasts = new Int32Array(0)
  #counts = new Int32Array(0)
  #next = new Int32Array(0)
  #previous = new Int32Array(0)

  /** How many integers a list has. */
  count (list: number): number {
    return this.#counts[list] ?? 0
  }

  /** The one that was added first, or -1. */
  first (list: number): number {
    return this.count(list) === 0 ? -1 : this.#firsts[list] ?? -1
  }

  /** The one that was added last, or -1. */
  last (list: number): number {
    return this.count(list) === 0 ? -1 : this.#lasts[list] ?? -1
  }

  /** The one that was added before it, or -1. */
  previous (row: number): number {
    return this.#previous[row] ?? -1
  }

  /** The one that was added after it, or -1. */
  next (row: number): number {
    return this.#next[row] ?? -1
  }

  add (list: number, row: number): void {
    if (list >= this.#firsts.length) this.#growLists(list)
    if (row >= this.#next.length) this.#growRows(row)
    const count = this.#counts[list] ?? 0
    const last = count === 0 ? -1 : this.#lasts[list] ?? -1
    this.#next[row] = -1
    this.#previous[row] = last
    if (last < 0) this.#firsts[list] = row
    else this.#next[last] = row
    this.#lasts[list] = row
    this.#counts[list] = count + 1
  }

  #growLists (list: number): void {
    this.#firsts = roomForInteger(this.#firsts, list)
    this.#lasts = roomForInteger(this.#lasts, list)
    this.#counts = roomForInteger(this.#counts, list)
  }

  #growRows (row: number): void {
    this.#next = roomForInteger(this.#next, row)
    this.#previous = roomForInteger(this.#previous, row)
  }

  remove (list: number, row: number): void {
    const next = this.#next[row] ?? -1
    const previous = this.#previous[row] ?? -1
    if (previous < 0) this.#firsts[list] = next
    else this.#next[previous] = next
    if (next < 0) this.#lasts[list] = previous
    else this.#previous[next] = previous
    this.#counts[list] = (this.#counts[list] ?? 1) - 1
  }

  /** Makes it the last of its list. */
  moveToEnd (list: number, row: number): void {
    if (this.#lasts[list] === row) return
    this.remove(list, row)
    this.add(list, row)
  }
}
