import type { Change } from '../../kernel/contract/index.js'
import type { TableId, WireChange, WireGroup } from './database-calls.js'

/** What each change costs the queue besides its key and value. */
const CHANGE_BYTES = 64
const FIRST_ARENA_BYTES = 16 * 1024

/** The promise of one batch. */
export interface Ticket {
  readonly done: () => void
  readonly refuse: (error: Error) => void
  readonly bytes: number
}

/**
 * Batches on their way to one transaction. Their values are copied into one arena, which moves to the worker without
 * another copy.
 */
export class BatchGroup {
  readonly #batches: WireChange[][] = []
  readonly tickets: Ticket[] = []
  #arena = new Uint8Array(0)
  #used = 0
  /** Bytes that the batches occupy in the queue. */
  bytes = 0

  get isEmpty (): boolean {
    return this.#batches.length === 0
  }

  /** How much of the queue a batch takes. */
  static cost (changes: readonly Change[]): number {
    return changes.reduce((sum, change) => sum + CHANGE_BYTES
      + ('put' in change ? change.key.length + change.value.byteLength : 'delete' in change ? change.key.length : 0), 0)
  }

  add (changes: readonly Change[], tables: ReadonlyMap<string, TableId>, ticket: Ticket): void {
    this.#batches.push(changes.map(change => this.#toWire(change, tables)))
    this.tickets.push(ticket)
    this.bytes += ticket.bytes
  }

  /** The message to the worker; the arena is its to take, and the group can't grow afterwards. */
  seal (): { readonly group: WireGroup, readonly transfer: readonly ArrayBuffer[] } {
    return { group: { batches: this.#batches, values: this.#arena.subarray(0, this.#used) }, transfer: [this.#arena.buffer] }
  }

  #toWire (change: Change, tables: ReadonlyMap<string, TableId>): WireChange {
    // Every name was checked; table 0 does not exist, and the worker refuses it.
    if ('delete' in change) return ['delete', tables.get(change.delete) ?? 0, change.key]
    if ('clear' in change) return ['clear', tables.get(change.clear) ?? 0, { ...change.range }]
    const { key, value } = change
    return ['put', tables.get(change.put) ?? 0, key, this.#copy(value), value.byteLength]
  }

  #copy (value: Uint8Array): number {
    const at = this.#used
    const needed = at + value.byteLength
    if (needed > this.#arena.byteLength) {
      const larger = new Uint8Array(Math.max(needed, this.#arena.byteLength * 2, FIRST_ARENA_BYTES))
      larger.set(this.#arena.subarray(0, at))
      this.#arena = larger
    }
    this.#arena.set(value, at)
    this.#used = needed
    return at
  }
}
