/** One entry of a log: what is now true of a row, or that a name is gone. */
export interface TailEntry {
  readonly sequence: number
  /** -1 where `gone` is. */
  readonly row: number
  readonly gone: string
}

/**
 * The latest entries of one owner's log: which row each of them was about. Of several about one row only the last
 * matters, so that a row's present content answers for it.
 */
export class LogTail {
  /** Row + 1; 0 where a name went or a later entry took the place of this one. */
  #rows = new Uint32Array(0)
  readonly #gone = new Map<number, string>()
  #last = 0
  #floor = 0

  constructor (private readonly capacity: number) {}

  /** Sequence of the latest entry, noted or not; 0 before the first. */
  get last (): number {
    return this.#last
  }

  /** Everything after this sequence is known; what was up to it is not. */
  get floor (): number {
    return this.#floor
  }

  /** Begins anew after a sequence. */
  reset (sequence: number): void {
    this.#rows.fill(0)
    this.#gone.clear()
    this.#last = sequence
    this.#floor = sequence
  }

  note (sequence: number, row: number): void {
    const slot = this.#reach(sequence)
    this.#rows[slot] = row + 1
  }

  noteGone (sequence: number, name: string): void {
    const slot = this.#reach(sequence)
    this.#gone.set(slot, name)
  }

  /** Says that nothing that still matters happened up to a sequence. */
  skipTo (sequence: number): void {
    if (sequence > this.#last) this.#reach(sequence)
  }

  /** What happened after a sequence, which is not below the floor: in order, of each row only the latest. */
  since (sequence: number): TailEntry[] {
    const entries: TailEntry[] = []
    const seen = new Set<number>()
    for (let at = this.#last; at > sequence; at--) {
      const slot = at % this.capacity
      const gone = this.#gone.get(slot)
      const row = (this.#rows[slot] ?? 0) - 1
      if (gone !== undefined) entries.push({ sequence: at, row: -1, gone })
      else if (row >= 0 && !seen.has(row)) entries.push({ sequence: at, row, gone: '' })
      seen.add(row)
    }
    return entries.toReversed()
  }

  /** Moves to a sequence and gives its slot, which is empty. */
  #reach (sequence: number): number {
    if (this.#rows.length === 0) this.#rows = new Uint32Array(this.capacity)
    const from = Math.max(this.#last + 1, sequence - this.capacity + 1)
    for (let at = from; at <= sequence; at++) this.#empty(at % this.capacity)
    this.#last = sequence
    this.#floor = Math.max(this.#floor, sequence - this.capacity)
    return sequence % this.capacity
  }

  #empty (slot: number): void {
    this.#rows[slot] = 0
    this.#gone.delete(slot)
  }
}
