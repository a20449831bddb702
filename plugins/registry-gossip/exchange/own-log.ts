import { DELIVERY, type AgentListing, type RegistryChange } from '../../../kernel/contract/index.js'
import { isModule } from '../records/module-table.js'
import type { Head, Owner } from '../records/owner.js'
import { STATES } from '../records/owner-records.js'
import type { RegistryTable } from '../records/registry-table.js'
import { RegistryListingInvalid } from '../registry-errors.js'
import { EXTRAS_BYTES, MOST_CLAIM } from '../wire/entry-block.js'

/** The log of this node, which nobody else writes. */
export class OwnLog {
  constructor (
    readonly owner: Owner, private readonly table: RegistryTable,
    private readonly changed: (changes: readonly RegistryChange[]) => void,
  ) {}

  /** Throws `REGISTRY_LISTING_INVALID`. */
  announce (listing: AgentListing): void {
    const problem = problemOf(listing)
    if (problem !== undefined) throw RegistryListingInvalid({ name: listing.name, problem })
    const changes: RegistryChange[] = []
    const row = this.table.put(this.owner, listing, changes)
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
}

function problemOf ({ claim, state, delivery, module, offers, topics }: AgentListing): string | undefined {
  if (!Number.isInteger(claim) || claim < 0 || claim > MOST_CLAIM) return `its claim is ${claim}, not a number of 32 bits`
  if (!STATES.includes(state) || DELIVERY[delivery] === undefined) return 'its state or delivery is none'
  if (!isModule(module)) return 'its module is not given by a SHA-256 in hex'
  const extras = [...offers, ...topics].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return extras > EXTRAS_BYTES ? `its capabilities and topics have ${extras} bytes, of at most ${EXTRAS_BYTES}` : undefined
}
