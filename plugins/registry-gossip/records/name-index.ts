const SEGMENTS = 256
const FIRST_SLOTS = 16
/** A segment grows when it is fuller than this. */
const FULL = 0.75
/** Words of a slot: the owner with part of the hash, and the row. */
const WORDS = 2
/** Owners have numbers from 1 to this. */
const OWNER = 0xffff
/** The part of the hash that chooses neither the segment nor, in all but the largest segments, the slot. */
const TAG = 0xff_0000

/** What is already in the index tells its hash when it moves. */
export type HashOf = (owner: number, row: number) => number

/**
 * From the hash of a name to the rows that have it: open addressing in 256 segments that grow one by one, so that a million names
 * never wait for one large move. A name that several owners list has a slot for each.
 */
export class NameIndex {
  readonly #segments = Array.from({ length: SEGMENTS }, () => new Segment())

  constructor (private readonly hashOf: HashOf) {}

  get bytes (): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0)
  }

  /** Where to look for a hash. */
  segment (hash: number): Segment {
    const segment = this.#segments[hash >>> 24]
    if (!segment) throw new RangeError('a hash has 32 bits')
    return segment
  }

  add (hash: number, owner: number, row: number): void {
    this.segment(hash).add(hash, owner, row, this.hashOf)
  }

  remove (hash: number, owner: number, row: number): void {
    this.segment(hash).remove(hash, owner, row, this.hashOf)
  }
}

/**
 * One part of the index. Whoever looks for a hash begins with {@link Segment.next} of it and -1, and goes on with each slot that it
 * got, until there is none: names with other hashes come up, too, now and then.
 */
export class Segment {
  #words = new Uint32Array(FIRST_SLOTS * WORDS)
  #mask = FIRST_SLOTS - 1
  #size = 0

  get bytes (): number {
    return this.#words.byteLength
  }

  owner (slot: number): number {
    return this.#word(slot * WORDS) & OWNER
  }

  row (slot: number): number {
    return this.#word(slot * WORDS + 1)
  }

  /** The next slot that may have the hash; -1 after the last. */
  next (hash: number, after: number): number {
    const tag = hash & TAG
    for (let slot = after < 0 ? hash & this.#mask : after + 1 & this.#mask; ; slot = slot + 1 & this.#mask) {
      const word = this.#word(slot * WORDS)
      if (word === 0) return -1
      if ((word & TAG) === tag) return slot
    }
  }

  add (hash: number, owner: number, row: number, hashOf: HashOf): void {
    if (this.#size + 1 > (this.#mask + 1) * FULL) this.#grow(hashOf)
    this.#place(hash, owner, row)
    this.#size += 1
  }

  remove (hash: number, owner: number, row: number, hashOf: HashOf): void {
    let free = this.next(hash, -1)
    while (free >= 0 && (this.owner(free) !== owner || this.row(free) !== row)) free = this.next(hash, free)
    if (free < 0) return
    // What follows moves up into the gap, unless that would put it before the slot where its search begins.
    for (let slot = free + 1 & this.#mask; this.owner(slot) !== 0; slot = slot + 1 & this.#mask) {
      const first = hashOf(this.owner(slot), this.row(slot)) & this.#mask
      if ((slot - first & this.#mask) < (slot - free & this.#mask)) continue
      this.#words.copyWithin(free * WORDS, slot * WORDS, (slot + 1) * WORDS)
      free = slot
    }
    this.#words[free * WORDS] = 0
    this.#size -= 1
  }

  #word (at: number): number {
    return this.#words[at] ?? 0
  }

  #place (hash: number, owner: number, row: number): void {
    let slot = hash & this.#mask
    while (this.owner(slot) !== 0) slot = slot + 1 & this.#mask
    this.#words[slot * WORDS] = owner | hash & TAG
    this.#words[slot * WORDS + 1] = row
  }

  #grow (hashOf: HashOf): void {
    const old = this.#words
    this.#words = new Uint32Array(old.length * 2)
    this.#mask = this.#mask * 2 + 1
    for (let at = 0; at < old.length; at += WORDS) {
      const owner = (old[at] ?? 0) & OWNER
      const row = old[at + 1] ?? 0
      if (owner !== 0) this.#place(hashOf(owner, row), owner, row)
    }
  }
}
