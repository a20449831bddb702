import { spreadBits, textHash, type AgentListing } from '../../../kernel/contract/index.js'
import type { ModuleTable } from './module-table.js'
import { NameArena } from './name-arena.js'
import type { NameKey } from './name-key.js'

export const STATES = ['running', 'draining', 'stopped', 'failed'] as const

const FIRST_ROWS = 16
const GROWTH = 1.25
/** Words of a row: they lie together, so that a look-up waits for memory once. */
const NAME_AT = 0
const NAME_HASH = 1
const CLAIM = 2
const MODULE = 3
/** State in bits 0 and 1, delivery in bits 2 and 3, then two marks; bytes of the name from bit 8 on. */
const FLAGS = 4
const WORDS = 5
const CONTENT = 0b1111
const USED = 0b1_0000
const SEEN = 0b10_0000
const NAME_LENGTH = 8
const NOTHING: readonly string[] = []
const NO_EXTRAS: Extras = { offers: NOTHING, topics: NOTHING, homes: NOTHING, isBound: false }

/** What few agents have. */
interface Extras {
  readonly offers: readonly string[]
  readonly topics: readonly string[]
  readonly homes: readonly string[]
  readonly isBound: boolean
}

interface HashedExtras extends Extras {
  readonly hash: number
}

/**
 * The agents of one node in packed rows: 20 bytes for each, and its name. A row stays where it is as long as its agent
 * is there.
 */
export class OwnerRecords {
  #names = new NameArena()
  #words = new Uint32Array(0)
  readonly #extras = new Map<number, HashedExtras>()
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

  /** Memory of the rows and names. */
  get bytes (): number {
    return this.#words.byteLength + this.#names.bytes
  }

  isUsed (row: number): boolean {
    return (this.#word(row, FLAGS) & USED) !== 0
  }

  nameHash (row: number): number {
    return this.#word(row, NAME_HASH)
  }

  claim (row: number): number {
    return this.#word(row, CLAIM)
  }

  isNamed (row: number, key: NameKey): boolean {
    return this.nameHash(row) === key.hash && this.#names.isAt(this.#word(row, NAME_AT), this.#nameLength(row), key)
  }

  name (row: number): string {
    return this.#names.text(this.#word(row, NAME_AT), this.#nameLength(row))
  }

  /** `name`: where it is at hand already. */
  listing (row: number, name = this.name(row)): AgentListing {
    const flags = this.#word(row, FLAGS)
    const extras = this.#extras.size === 0 ? undefined : this.#extras.get(row)
    return {
      name,
      claim: this.claim(row),
      state: STATES[flags & 3] ?? 'failed',
      delivery: flags >> 2 & 3,
      module: this.modules.text(this.#word(row, MODULE)),
      offers: extras?.offers ?? NOTHING,
      topics: extras?.topics ?? NOTHING,
      homes: extras?.homes ?? NOTHING,
      isBound: extras?.isBound ?? false,
    }
  }

  /** Makes room for so many further agents. */
  reserve (agents: number): void {
    const wanted = this.#rows + agents - this.#free.length
    if (wanted * WORDS > this.#words.length) this.#grow(wanted)
  }

  /** A row for an agent that has none. */
  add (key: NameKey, listing: AgentListing): number {
    const row = this.#free.pop() ?? this.#rows++
    if ((row + 1) * WORDS > this.#words.length) this.#grow(Math.max(FIRST_ROWS, Math.ceil(row * GROWTH)))
    this.#set(row, NAME_AT, this.#names.add(key))
    this.#set(row, NAME_HASH, key.hash)
    this.#set(row, MODULE, 0)
    this.#set(row, FLAGS, USED | key.length << NAME_LENGTH)
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
    this.modules.release(this.#word(row, MODULE))
    this.#names.release(this.#nameLength(row))
    this.#extras.delete(row)
    this.#set(row, FLAGS, 0)
    this.#free.push(row)
    if (this.#names.isWasteful) this.#packNames()
  }

  /** Begins a tour after which whatever was not {@link see}n goes. */
  unsee (): void {
    for (let row = 0; row < this.#rows; row++) this.#set(row, FLAGS, this.#word(row, FLAGS) & ~SEEN)
  }

  see (row: number): void {
    this.#set(row, FLAGS, this.#word(row, FLAGS) | SEEN)
  }

  isSeen (row: number): boolean {
    return (this.#word(row, FLAGS) & SEEN) !== 0
  }

  #word (row: number, word: number): number {
    return this.#words[row * WORDS + word] ?? 0
  }

  #set (row: number, word: number, value: number): void {
    this.#words[row * WORDS + word] = value
  }

  #nameLength (row: number): number {
    return this.#word(row, FLAGS) >>> NAME_LENGTH
  }

  #fill (row: number, { claim, state, delivery, module, offers, topics, homes, isBound }: AgentListing): void {
    this.#set(row, CLAIM, claim)
    this.#set(row, FLAGS, this.#word(row, FLAGS) & ~CONTENT | contentFlags(state, delivery))
    const before = this.#word(row, MODULE)
    this.#set(row, MODULE, this.modules.take(module))
    this.modules.release(before)
    const extras = { offers, topics, homes, isBound }
    if (hasExtras(extras)) this.#extras.set(row, { ...extras, hash: extrasHash(extras) })
    else this.#extras.delete(row)
    this.#contentHash = this.#contentHash + this.#rowHash(row) >>> 0
  }

  #isSame (row: number, listing: AgentListing): boolean {
    const { claim, state, delivery, module } = listing
    const extras = this.#extras.get(row) ?? NO_EXTRAS
    return this.claim(row) === claim && (this.#word(row, FLAGS) & CONTENT) === contentFlags(state, delivery) &&
      this.modules.text(this.#word(row, MODULE)) === module &&
      extras.isBound === listing.isBound && isEqual(extras.offers, listing.offers) && isEqual(extras.topics, listing.topics) &&
      isEqual(extras.homes, listing.homes)
  }

  #rowHash (row: number): number {
    let hash = spreadBits(this.nameHash(row) ^ this.#word(row, FLAGS) & CONTENT)
    hash = spreadBits(hash ^ this.claim(row))
    hash = spreadBits(hash ^ this.modules.hash(this.#word(row, MODULE)))
    return spreadBits(hash ^ (this.#extras.get(row)?.hash ?? 0))
  }

  #grow (rows: number): void {
    const words = new Uint32Array(rows * WORDS)
    words.set(this.#words)
    this.#words = words
  }

  #packNames (): void {
    const packed = this.#names.successor()
    for (let row = 0; row < this.#rows; row++) {
      if (this.isUsed(row)) this.#set(row, NAME_AT, packed.take(this.#names, this.#word(row, NAME_AT), this.#nameLength(row)))
    }
    this.#names = packed
  }
}

const contentFlags = (state: AgentListing['state'], delivery: number): number => STATES.indexOf(state) | delivery << 2

/** Whether an agent has any of what few have. */
export const hasExtras = ({ offers, topics, homes, isBound }: Extras): boolean =>
  isBound || offers.length > 0 || topics.length > 0 || homes.length > 0

function extrasHash ({ offers, topics, homes, isBound }: Extras): number {
  let hash = isBound ? 2 : 1
  for (const texts of [offers, topics, homes]) {
    for (const text of texts) hash = textHash(text, hash)
    hash = spreadBits(hash ^ texts.length)
  }
  return hash
}

function isEqual (one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}
