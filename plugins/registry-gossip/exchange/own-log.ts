import { DELIVERY, type AgentListing, type Logger, type RegistryChange } from '../../../kernel/contract/index.js'
import { isModule } from '../records/module-table.js'
import type { Head, Owner } from '../records/owner.js'
import { STATES } from '../records/owner-records.js'
import type { RegistryTable } from '../records/registry-table.js'
import { RegistryListingInvalid } from '../registry-errors.js'
import { EXTRAS_BYTES, MOST_CLAIM } from '../wire/entry-block.js'

/** Most agents that are remembered to have been complained of. */
const MOST_BLAMED = 1_024
/** What a text takes beside its own bytes. */
const TEXT_BYTES = 4

/** The log of this node, which nobody else writes. */
export class OwnLog {
  readonly #blamed = new Set<string>()

  constructor (
    readonly owner: Owner, private readonly table: RegistryTable, private readonly log: Logger,
    private readonly changed: (changes: readonly RegistryChange[]) => void,
  ) {}

  /** Throws `REGISTRY_LISTING_INVALID`; but what an agent itself may overdo is cut, and said once for each agent. */
  announce (listing: AgentListing): void {
    const problem = problemOf(listing)
    if (problem !== undefined) throw RegistryListingInvalid({ name: listing.name, problem })
    const changes: RegistryChange[] = []
    const row = this.table.put(this.owner, this.#fitting(listing), changes)
    if (row < 0) throw RegistryListingInvalid({ name: listing.name, problem: 'a name is 1 to 255 visible ASCII characters' })
    if (changes.length === 0) return
    this.owner.tail.note(this.owner.tail.last + 1, row)
    this.changed(changes)
  }

  withdraw (name: string): void {
    const changes: RegistryChange[] = []
    if (!this.table.remove(this.owner, name, changes)) return
    this.owner.tail.noteGone(this.owner.tail.last + 1, name)
    this.changed(changes)
  }

  /** Whether somebody has a log of this node that this start of it did not write. */
  isDisputed ({ epoch, sequence }: Head): boolean {
    return epoch > this.owner.epoch || (epoch === this.owner.epoch && sequence > this.owner.tail.last)
  }

  /** Writes the log anew, under a higher epoch. */
  begin (epoch: number): void {
    const { owner, owner: { records, tail } } = this
    owner.epoch = epoch
    owner.isWhole = true
    tail.reset(0)
    for (let row = 0; row < records.rows; row++) if (records.isUsed(row)) tail.note(tail.last + 1, row)
  }

  #fitting (listing: AgentListing): AgentListing {
    const { name, offers, topics, homes } = listing
    const room = { bytes: EXTRAS_BYTES }
    const fits = (text: string): boolean => takes(room, text)
    // Homes first: by them all nodes must decide alike.
    const fitting = { homes: homes.filter(fits), offers: offers.filter(fits), topics: topics.filter(fits) }
    const left = fitting.homes.length + fitting.offers.length + fitting.topics.length
    if (left === homes.length + offers.length + topics.length) return listing
    if (!this.#blamed.has(name) && this.#blamed.size < MOST_BLAMED) {
      this.#blamed.add(name)
      this.log.warn('an agent has too many capabilities and topics for other nodes to know them all', { agent: name, most: EXTRAS_BYTES })
    }
    return { ...listing, ...fitting }
  }
}

/** Half of a pair of UTF-16 units: it would not arrive as it was sent. */
const LONE = /\p{Surrogate}/u

function takes (room: { bytes: number }, text: string): boolean {
  if (LONE.test(text)) return false
  const bytes = Buffer.byteLength(text) + TEXT_BYTES
  if (bytes > room.bytes) return false
  room.bytes -= bytes
  return true
}

function problemOf ({ claim, state, delivery, module }: AgentListing): string | undefined {
  if (!Number.isInteger(claim) || claim < 0 || claim > MOST_CLAIM) return `its claim is ${claim}, not a number of 32 bits`
  if (!STATES.includes(state) || DELIVERY[delivery] === undefined) return 'its state or delivery is none'
  return isModule(module) ? undefined : 'its module is not given by a SHA-256 in hex'
}
