import type { AgentListing, LocatedAgent, RegistryChange } from '../../../kernel/contract/index.js'
import { ModuleTable } from './module-table.js'
import { NameIndex } from './name-index.js'
import { NameKey } from './name-key.js'
import { Owner } from './owner.js'

/** Most nodes of which anything is kept. */
export const MOST_OWNERS = 4_096

/** Everything that is known of all nodes' agents, found by name. */
export class RegistryTable {
  readonly #modules = new ModuleTable()
  readonly #key = new NameKey()
  readonly #byNode = new Map<string, Owner>()
  /** By number, from 1. */
  readonly #owners: Array<Owner | undefined> = [undefined]
  readonly #index = new NameIndex((owner, row) => this.#owners[owner]?.records.nameHash(row) ?? 0)
  #size = 0

  /** Whoever keeps the table. */
  readonly self: Owner

  /** `tail`: entries of each log that are remembered. */
  constructor (nodeId: string, private readonly tail: number) {
    this.self = this.#make(nodeId)
  }

  /** Records of all nodes. */
  get size (): number {
    return this.#size
  }

  /** Memory of all packed columns. */
  get bytes (): number {
    let bytes = this.#index.bytes
    for (const { records } of this.#byNode.values()) bytes += records.bytes
    return bytes
  }

  /** Everybody something may be known of. */
  owners (): IterableIterator<Owner> {
    return this.#byNode.values()
  }

  owner (nodeId: string): Owner | undefined {
    return this.#byNode.get(nodeId)
  }

  /** What is kept of a node, made if it is new; undefined when there are too many nodes. */
  own (nodeId: string): Owner | undefined {
    const known = this.#byNode.get(nodeId)
    return known || this.#byNode.size >= MOST_OWNERS ? known : this.#make(nodeId)
  }

  #make (nodeId: string): Owner {
    const owner = new Owner(nodeId, this.#owners.length, this.#modules, this.tail)
    this.#owners.push(owner)
    this.#byNode.set(nodeId, owner)
    return owner
  }

  /** The row of what an owner lists now; if that is anything new it is added to `changes`. -1 where no agent can be called so. */
  put (owner: Owner, listing: AgentListing, changes: RegistryChange[], isSeen = false): number {
    if (!this.#key.set(listing.name)) return -1
    const { records, number, nodeId } = owner
    let row = this.#rowOf(owner)
    const isNew = row < 0
    if (isNew) {
      row = records.add(this.#key, listing)
      this.#index.add(this.#key.hash, number, row)
      this.#size += 1
    }
    if (isSeen) records.see(row)
    if (isNew || records.change(row, listing)) changes.push({ nodeId, name: listing.name, listing })
    return row
  }

  /** False if the owner lists no such agent. */
  remove (owner: Owner, name: string, changes: RegistryChange[]): boolean {
    const row = this.row(owner, name)
    if (row < 0) return false
    this.#removeRow(owner, row, name, changes)
    return true
  }

  /** Where an owner's agent is among its records; -1 if it lists none. */
  row (owner: Owner, name: string): number {
    return this.#key.set(name) ? this.#rowOf(owner) : -1
  }

  /** Removes whatever was not seen since {@link OwnerRecords.unsee}. */
  sweep (owner: Owner, changes: RegistryChange[]): void {
    const { records } = owner
    for (let row = 0; row < records.rows; row++) {
      if (records.isUsed(row) && !records.isSeen(row)) this.#removeRow(owner, row, records.name(row), changes)
    }
  }

  /** Of several that claim a name the one with the highest claim, then the least node id. */
  find (name: string): LocatedAgent | undefined {
    if (!this.#key.set(name)) return undefined
    const { hash } = this.#key
    const segment = this.#index.segment(hash)
    let best: Owner | undefined
    let bestRow = 0
    for (let slot = segment.next(hash, -1); slot >= 0; slot = segment.next(hash, slot)) {
      const owner = this.#owners[segment.owner(slot)]
      const row = segment.row(slot)
      if (owner?.records.isNamed(row, this.#key) !== true) continue
      if (best && !isBetter(owner, row, best, bestRow)) continue
      best = owner
      bestRow = row
    }
    return best && { nodeId: best.nodeId, listing: best.records.listing(bestRow, name) }
  }

  /** Best first. */
  claims (name: string): LocatedAgent[] {
    const found: Array<{ owner: Owner, row: number }> = []
    if (!this.#key.set(name)) return []
    const { hash } = this.#key
    const segment = this.#index.segment(hash)
    for (let slot = segment.next(hash, -1); slot >= 0; slot = segment.next(hash, slot)) {
      const owner = this.#owners[segment.owner(slot)]
      const row = segment.row(slot)
      if (owner?.records.isNamed(row, this.#key) === true) found.push({ owner, row })
    }
    found.sort((one, other) => isBetter(one.owner, one.row, other.owner, other.row) ? -1 : 1)
    return found.map(({ owner, row }) => ({ nodeId: owner.nodeId, listing: owner.records.listing(row, name) }))
  }

  #rowOf (owner: Owner): number {
    const { hash } = this.#key
    const segment = this.#index.segment(hash)
    for (let slot = segment.next(hash, -1); slot >= 0; slot = segment.next(hash, slot)) {
      const row = segment.row(slot)
      if (segment.owner(slot) === owner.number && owner.records.isNamed(row, this.#key)) return row
    }
    return -1
  }

  #removeRow (owner: Owner, row: number, name: string, changes: RegistryChange[]): void {
    this.#index.remove(owner.records.nameHash(row), owner.number, row)
    owner.records.remove(row)
    this.#size -= 1
    changes.push({ nodeId: owner.nodeId, name, listing: undefined })
  }
}

function isBetter (owner: Owner, row: number, than: Owner, thanRow: number): boolean {
  const difference = owner.records.claim(row) - than.records.claim(thanRow)
  return difference === 0 ? owner.nodeId < than.nodeId : difference > 0
}
