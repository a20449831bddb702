const SEGMENTS = 256
const FIRST_SLOTS = 16
/** A segment grows when it is fuller than this. */
const FULL = 0.75

/**
 * From the hash of a name to the rows that have it: open addressing in 256 segments that grow one by one, so that a million names
 * never wait for one large move. A name that several owners list has a slot for each.
 */
export class NameIndex {
  readonly #segments = Array.from({ length: SEGMENTS }, () => new Segment())

  get bytes (): number {
    return this.#segments.reduce((sum, segment) => sum + segment.owners.byteLength + segment.rows.byteLength, 0)
  }

  /** Where to look for a hash: from {@link Segment.first}, slot by slot, to the first that is free. */
  segment (hash: number): Segment {
    const segment = this.#segments[hash >>> 24]
    if (!segment) throw new RangeError('a hash has 32 bits')
    return segment
  }

  /** `owner` from 1 to 65,535. `hashOf` gives the hash of what is already there. */
  add (hash: number, owner: number, row: number, hashOf: (owner: number, row: number) => number): void {
    this.segment(hash).add(hash, owner, row, hashOf)
  }

  remove (hash: number, owner: number, row: number, hashOf: (owner: number, row: number) => number): void {
    this.segment(hash).remove(hash, owner, row, hashOf)
  }
}

/** One part of the index. */
export class Segment {
  /** 0 where the slot is free. */
  owners = new Uint16Array(FIRST_SLOTS)
  rows = new Uint32Array(FIRST_SLOTS)
  #size = 0

  first (hash: number): number {
    return hash & this.owners.length - 1
  }

  after (slot: number): number {
    return slot + 1 & this.owners.length - 1
  }

  add (hash: number, owner: number, row: number, hashOf: (owner: number, row: number) => number): void {
    if (this.#size + 1 > this.owners.length * FULL) this.#grow(hashOf)
    this.#place(hash, owner, row)
    this.#size += 1
  }

  remove (hash: number, owner: number, row: number, hashOf: (owner: number, row: number) => number): void {
    let free = this.first(hash)
    while (this.owners[free] !== owner || this.rows[free] !== row) {
      if (this.owners[free] === 0) return
      free = this.after(free)
    }
    // What follows moves up into the gap, unless that would put it before the slot where its search begins.
    for (let slot = this.after(free); this.owners[slot] !== 0; slot = this.after(slot)) {
      const first = this.first(hashOf(this.owners[slot] ?? 0, this.rows[slot] ?? 0))
      const mask = this.owners.length - 1
      if ((slot - first & mask) < (slot - free & mask)) continue
      this.owners[free] = this.owners[slot] ?? 0
      this.rows[free] = this.rows[slot] ?? 0
      free = slot
    }
    this.owners[free] = 0
    this.#size -= 1
  }

  #place (hash: number, owner: number, row: number): void {
    let slot = this.first(hash)
    while (this.owners[slot] !== 0) slot = this.after(slot)
    this.owners[slot] = owner
    this.rows[slot] = row
  }

  #grow (hashOf: (owner: number, row: number) => number): void {
    const { owners, rows } = this
    this.owners = new Uint16Array(owners.length * 2)
    this.rows = new Uint32Array(owners.length * 2)
    for (let slot = 0; slot < owners.length; slot++) {
      const owner = owners[slot] ?? 0
      const row = rows[slot] ?? 0
      if (owner !== 0) this.#place(hashOf(owner, row), owner, row)
    }
  }
}
