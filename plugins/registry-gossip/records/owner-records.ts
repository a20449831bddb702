import type { AgentListing } from '../../../kernel/contract/index.js'
import type { ModuleTable } from './module-table.js'
import { NameArena } from './name-arena.js'
import { spread, textHash, type NameKey } from './name-key.js'

export const STATES = ['running', 'draining', 'stopped', 'failed'] as const

const FIRST_ROWS = 16
const GROWTH = 1.25
/** Flags of a row: state in bits 0 and 1, delivery in bits 2 and 3. */
const CONTENT = 0b1111
const USED = 0b1_0000
const SEEN = 0b10_0000
const NOTHING: readonly string[] = []

/** What few agents have. */
interface Extras {
  readonly offers: readonly string[]
  readonly topics: readonly string[]
  readonly hash: number
}

/**
 * The agents of one node in packed columns: some 20 bytes for each, and its name. A row stays where it is as long as its
 * agent is there.
 */
export class OwnerRecords {
  #capacity = 0
  #names = new NameArena()
  #nameAt = new Uint32Array(0)
  #nameLength = new Uint8Array(0)
  #nameHash = new Uint32Array(0)
  #claim = new Uint32Array(0)
  #flags = new Uint8Array(0)
  #module = new Uint32Array(0)
  readonly #extras = new Map<number, Extras>()
  readonly #free: number[] = []
  #rows = 0
  #contentHash = 0

  constructor (private readonly modules: ModuleTable) {}

  get size (): number {
    return this.#rows - this.#free.length
  }

  /** Rows from 0 to this one, exclusive, are or were in use. */
  get rows (): number {
    return this.#rows
  }

  /** 32 bits that stand for all records, in whatever order. */
  get contentHash (): number {
    return this.#contentHash
  }

  /** Memory of the columns and names. */
  get bytes (): number {
    return this.#capacity * (4 + 1 + 4 + 4 + 1 + 4) + this.#names.bytes
  }

  isUsed (row: number): boolean {
    return ((this.#flags[row] ?? 0) & USED) !== 0
  }

  nameHash (row: number): number {
    return this.#nameHash[row] ?? 0
  }

  claim (row: number): number {
    return this.#claim[row] ?? 0
  }

  isNamed (row: number, key: NameKey): boolean {
    return this.#nameHash[row] === key.hash && this.#names.isAt(this.#nameAt[row] ?? 0, this.#nameLength[row] ?? 0, key)
  }

  name (row: number): string {
    return this.#names.text(this.#nameAt[row] ?? 0, this.#nameLength[row] ?? 0)
  }

  listing (row: number): AgentListing {
    const flags = this.#flags[row] ?? 0
    const extras = this.#extras.get(row)
    return {
      name: this.name(row),
      claim: this.claim(row),
      state: STATES[flags & 3] ?? 'failed',
      delivery: flags >> 2 & 3,
      module: this.modules.text(this.#module[row] ?? 0),
      offers: extras?.offers ?? NOTHING,
      topics: extras?.topics ?? NOTHING,
    }
  }

  /** Makes room for so many further agents. */
  reserve (agents: number): void {
    const wanted = this.#rows + agents - this.#free.length
    if (wanted > this.#capacity) this.#grow(wanted)
  }

  /** A row for an agent that has none. */
  add (key: NameKey, listing: AgentListing): number {
    const row = this.#free.pop() ?? this.#rows++
    if (row >= this.#capacity) this.#grow(Math.max(FIRST_ROWS, Math.ceil(this.#capacity * GROWTH)))
    this.#nameAt[row] = this.#names.add(key)
    this.#nameLength[row] = key.length
    this.#nameHash[row] = key.hash
    this.#flags[row] = USED
    this.#module[row] = 0
    this.#fill(row, listing)
    return row
  }

  /** False if nothing is different. */
  change (row: number, listing: AgentListing): boolean {
    if (this.#isSame(row, listing)) return false
    this.#contentHash = this.#contentHash - this.#rowHash(row) >>> 0
    this.#fill(row, listing)
    return true
  }

  remove (row: number): void {
    this.#contentHash = this.#contentHash - this.#rowHash(row) >>> 0
    this.modules.release(this.#module[row] ?? 0)
    this.#names.release(this.#nameLength[row] ?? 0)
    this.#extras.delete(row)
    this.#flags[row] = 0
    this.#nameLength[row] = 0
    this.#free.push(row)
    if (this.#names.isWasteful) this.#packNames()
  }

  /** Begins a tour after which whatever was not {@link see}n goes. */
  unsee (): void {
    for (let row = 0; row < this.#rows; row++) this.#flags[row] = (this.#flags[row] ?? 0) & ~SEEN
  }

  see (row: number): void {
    this.#flags[row] = (this.#flags[row] ?? 0) | SEEN
  }

  isSeen (row: number): boolean {
    return ((this.#flags[row] ?? 0) & SEEN) !== 0
  }

  #fill (row: number, { claim, state, delivery, module, offers, topics }: AgentListing): void {
    this.#claim[row] = claim
    this.#flags[row] = (this.#flags[row] ?? 0) & ~CONTENT | STATES.indexOf(state) | delivery << 2
    const before = this.#module[row] ?? 0
    this.#module[row] = this.modules.take(module)
    this.modules.release(before)
    if (offers.length === 0 && topics.length === 0) this.#extras.delete(row)
    else this.#extras.set(row, { offers, topics, hash: extrasHash(offers, topics) })
    this.#contentHash = this.#contentHash + this.#rowHash(row) >>> 0
  }

  #isSame (row: number, { claim, state, delivery, module, offers, topics }: AgentListing): boolean {
    const extras = this.#extras.get(row)
    return this.#claim[row] === claim && ((this.#flags[row] ?? 0) & CONTENT) === (STATES.indexOf(state) | delivery << 2) &&
      this.modules.text(this.#module[row] ?? 0) === module &&
      isEqual(extras?.offers ?? NOTHING, offers) && isEqual(extras?.topics ?? NOTHING, topics)
  }

  #rowHash (row: number): number {
    let hash = spread((this.#nameHash[row] ?? 0) ^ (this.#flags[row] ?? 0) & CONTENT)
    hash = spread(hash ^ (this.#claim[row] ?? 0))
    hash = spread(hash ^ this.modules.hash(this.#module[row] ?? 0))
    return spread(hash ^ (this.#extras.get(row)?.hash ?? 0))
  }

  #grow (capacity: number): void {
    this.#nameAt = copied(new Uint32Array(capacity), this.#nameAt)
    this.#nameLength = copied(new Uint8Array(capacity), this.#nameLength)
    this.#nameHash = copied(new Uint32Array(capacity), this.#nameHash)
    this.#claim = copied(new Uint32Array(capacity), this.#claim)
    this.#flags = copied(new Uint8Array(capacity), this.#flags)
    this.#module = copied(new Uint32Array(capacity), this.#module)
    this.#capacity = capacity
  }

  #packNames (): void {
    const packed = this.#names.successor()
    for (let row = 0; row < this.#rows; row++) {
      if (this.isUsed(row)) this.#nameAt[row] = packed.take(this.#names, this.#nameAt[row] ?? 0, this.#nameLength[row] ?? 0)
    }
    this.#names = packed
  }
}

function copied<A extends Uint8Array | Uint32Array> (into: A, from: A): A {
  into.set(from)
  return into
}

function extrasHash (offers: readonly string[], topics: readonly string[]): number {
  let hash = 1
  for (const offer of offers) hash = textHash(offer, hash)
  hash = spread(hash ^ offers.length)
  for (const topic of topics) hash = textHash(topic, hash)
  return hash
}

function isEqual (one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}
