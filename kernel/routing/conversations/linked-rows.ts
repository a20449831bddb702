import { roomForInteger } from './number-rows.js'

/** Words of a row and of the list with the same number: next and previous of the row, first and last of the list. */
const WORDS = 4
/** Where a list's words stand behind those of the row. */
const LIST = 2

/**
 * Lists of small integers, each integer in one list at the most; a list is known by a small integer too. Adding at the
 * end and taking out of the middle cost the same however long the list is, and make no garbage.
 *
 * Each list is a ring that its own words belong to, so that no end needs to be treated apart. Rows and lists are named by where their words
 * stand.
 */
export class LinkedRows {
  #links = new Int32Array(0)
  #counts = new Int32Array(0)

  /** How many integers a list has. */
  count (list: number): number {
    return this.#counts[list] ?? 0
  }

  /** The one that was added first, or -1. */
  first (list: number): number {
    return this.count(list) === 0 ? -1 : (this.#links[list * WORDS + LIST] ?? 0) / WORDS
  }

  /** The one that was added last, or -1. */
  last (list: number): number {
    return this.count(list) === 0 ? -1 : (this.#links[list * WORDS + LIST + 1] ?? 0) / WORDS
  }

  /** The one that was added before it, or -1. */
  previous (row: number): number {
    const at = this.#links[row * WORDS + 1] ?? LIST
    return at % WORDS === LIST ? -1 : at / WORDS
  }

  add (list: number, row: number): void {
    const most = row > list ? row : list
    if (most >= this.#counts.length) this.#grow(most)
    this.#link(list * WORDS + LIST, row * WORDS)
    this.#counts[list] = (this.#counts[list] ?? 0) + 1
  }

  remove (list: number, row: number): void {
    this.#unlink(row * WORDS)
    this.#counts[list] = (this.#counts[list] ?? 1) - 1
  }

  /** Makes it the last of its list. */
  moveToEnd (list: number, row: number): void {
    this.#unlink(row * WORDS)
    this.#link(list * WORDS + LIST, row * WORDS)
  }

  #link (list: number, row: number): void {
    const links = this.#links
    const last = links[list + 1] ?? 0
    links[row] = list
    links[row + 1] = last
    links[last] = row
    links[list + 1] = row
  }

  #unlink (row: number): void {
    const links = this.#links
    const next = links[row] ?? 0
    const previous = links[row + 1] ?? 0
    links[previous] = next
    links[next + 1] = previous
  }

  #grow (most: number): void {
    const before = this.#counts.length
    this.#counts = roomForInteger(this.#counts, most)
    this.#links = roomForInteger(this.#links, this.#counts.length * WORDS - 1)
    for (let list = before; list < this.#counts.length; list++) {
      const at = list * WORDS + LIST
      this.#links[at] = this.#links[at + 1] = at
    }
  }
}
