import type { RegistryChange } from '../../../kernel/contract/index.js'
import type { Owner } from '../records/owner.js'
import type { RegistryTable } from '../records/registry-table.js'
import type { LogEntry } from '../wire/entry-block.js'
import type { LogPart, SnapshotPart } from '../wire/registry-messages.js'

/**
 * What became of a part of a log. `taken`: it was news. `known`: it was none. `gap`: something before it is missing. `wrong`: the
 * records are not what they should be, though nothing is missing.
 */
export type Intake = 'taken' | 'known' | 'gap' | 'wrong'

/** Takes over what other nodes tell of their logs, or of those of third ones. */
export class LogIntake {
  constructor (private readonly table: RegistryTable, private readonly changed: (changes: readonly RegistryChange[]) => void) {}

  part (owner: Owner, part: LogPart): Intake {
    const { epoch, tail: { last }, isWhole } = owner
    if (part.epoch < epoch) return 'known'
    if (part.epoch > epoch) {
      if (part.from > 0) return 'gap'
      this.#begin(owner, part.epoch, part.entries)
    } else {
      if (owner.load || part.from > last) return 'gap'
      if (part.to < last) return 'known'
      this.#append(owner, part.entries)
    }
    const isRight = this.#settle(owner, part)
    if (!isRight) return 'wrong'
    return part.epoch > epoch || part.to > last || (owner.isWhole && !isWhole) ? 'taken' : 'known'
  }

  /** A node has a new log, of which nothing is known yet but that it is empty. */
  begin (owner: Owner, epoch: number): void {
    this.#begin(owner, epoch, [])
    owner.isWhole = true
  }

  /** Takes a node's records over as they come; whatever they don't mention goes at the end. */
  load (owner: Owner): SnapshotLoad {
    return new SnapshotLoad(owner, this.table, this.changed)
  }

  /** Forgets everything of a node. */
  forget (owner: Owner): void {
    owner.forgottenEpoch = Math.max(owner.forgottenEpoch, owner.epoch)
    this.#begin(owner, 0, [])
    owner.isWhole = false
    owner.heardAt = 0
  }

  #begin (owner: Owner, epoch: number, entries: readonly LogEntry[]): void {
    const changes: RegistryChange[] = []
    owner.load = undefined
    owner.epoch = epoch
    owner.tail.reset(0)
    owner.records.unsee()
    for (const entry of entries) this.#take(owner, entry, changes)
    this.table.sweep(owner, changes)
    this.changed(changes)
  }

  #append (owner: Owner, entries: readonly LogEntry[]): void {
    const changes: RegistryChange[] = []
    for (const entry of entries) if (entry.sequence > owner.tail.last) this.#take(owner, entry, changes)
    this.changed(changes)
  }

  #take (owner: Owner, { sequence, name, listing }: LogEntry, changes: RegistryChange[]): void {
    if (listing) return owner.tail.note(sequence, this.table.put(owner, listing, changes, true))
    this.table.remove(owner, name, changes)
    owner.tail.noteGone(sequence, name)
  }

  /** False if the records are not what they should be now. */
  #settle (owner: Owner, { to, head }: LogPart): boolean {
    owner.tail.skipTo(to)
    owner.isWhole = head !== undefined && head.hash === owner.records.contentHash
    return owner.isWhole || !head
  }
}

/** One snapshot on its way in. Parts may be of different moments: what happened meanwhile follows from the log, after the last. */
export class SnapshotLoad {
  #epoch = 0
  #sequence = 0

  constructor (
    private readonly owner: Owner, private readonly table: RegistryTable,
    private readonly changed: (changes: readonly RegistryChange[]) => void,
  ) {}

  /** Where the next part begins: `done` after the last; `lost` when another log began, or the source's is older than what is here. */
  take ({ head, next, entries }: SnapshotPart, cursor: number): number | 'done' | 'lost' {
    if (!this.#isAcceptable(head.epoch, head.sequence, cursor) || (next > 0 && next <= cursor)) return this.end('lost')
    if (cursor === 0) this.#begin(head.epoch, head.sequence, head.count)
    const changes: RegistryChange[] = []
    for (const { listing } of entries) if (listing) this.table.put(this.owner, listing, changes, true)
    if (next === 0) this.#finish(head.sequence, head.hash, changes)
    this.changed(changes)
    return next === 0 ? this.end('done') : next
  }

  /** Gives the owner free for others; what came of it stays. */
  end<R> (result: R): R {
    if (this.owner.load === this) this.owner.load = undefined
    return result
  }

  #isAcceptable (epoch: number, sequence: number, cursor: number): boolean {
    const { owner } = this
    if (cursor > 0) return owner.load === this && epoch === this.#epoch
    return owner.load === undefined && (epoch > owner.epoch || (epoch === owner.epoch && sequence >= owner.tail.last))
  }

  #begin (epoch: number, sequence: number, count: number): void {
    const { owner } = this
    this.#epoch = epoch
    this.#sequence = sequence
    owner.load = this
    owner.isWhole = false
    owner.records.unsee()
    owner.records.reserve(Math.min(count, MOST_RESERVED) - owner.records.size)
  }

  #finish (sequence: number, hash: number, changes: RegistryChange[]): void {
    const { owner } = this
    this.table.sweep(owner, changes)
    owner.epoch = this.#epoch
    owner.tail.reset(this.#sequence)
    owner.isWhole = sequence === this.#sequence && hash === owner.records.contentHash
  }
}

/** Room is made for as many as are said to come, but not for whatever is said. */
const MOST_RESERVED = 100_000
