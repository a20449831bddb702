const LEAST_ROWS = 64

/** The same array, or a copy of at least twice the length that has room at `index`. */
export function roomForInteger (array: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  if (index < array.length) return array
  const longer = new Int32Array(Math.max(index + 1, array.length * 2, LEAST_ROWS))
  longer.set(array)
  return longer
}

/** The same array, or a copy of at least twice the length that has room at `index`. */
export function roomForNumber (array: Float64Array<ArrayBuffer>, index: number): Float64Array<ArrayBuffer> {
  if (index < array.length) return array
  const longer = new Float64Array(Math.max(index + 1, array.length * 2, LEAST_ROWS))
  longer.set(array)
  return longer
}

/**
 * Records of a few 32-bit numbers in one array that grows by doubling, so that a record costs no object. A row is a
 * small integer; one that was given back is the next to be taken.
 */
export class NumberRows {
  /**
   * All rows, one behind the other, for those who have to do with several numbers of one: a call for each would take longer than the rest.
   * Taking a row may put another array in its place.
   */
  words: Int32Array<ArrayBuffer>
  #next = 0
  #free = -1
  #used = 0

  /** @param columns Numbers in a row. */
  constructor (private readonly columns: number) {
    this.words = new Int32Array(LEAST_ROWS * columns)
  }

  /** Rows that are taken. */
  get used (): number {
    return this.#used
  }

  /** Rows with numbers from 0 to below this one were taken at some time. */
  get reached (): number {
    return this.#next
  }

  /** A row, whose numbers are whatever was left in it. */
  take (): number {
    this.#used += 1
    const free = this.#free
    if (free >= 0) {
      this.#free = this.words[free * this.columns] ?? -1
      return free
    }
    const row = this.#next++
    this.words = roomForInteger(this.words, (row + 1) * this.columns - 1)
    return row
  }

  giveBack (row: number): void {
    this.#used -= 1
    this.words[row * this.columns] = this.#free
    this.#free = row
  }

  get (row: number, column: number): number {
    return this.words[row * this.columns + column] ?? 0
  }

  set (row: number, column: number, value: number): void {
    this.words[row * this.columns + column] = value
  }
}
