import type { Clock, Store } from '../../../kernel/contract/index.js'
import { decodeRecord, encodeRecord, stateOf, type KeyRecord } from './key-record.js'

const KEYS = 'keys'
const USES = 'uses'
const MIGRATIONS = [{ version: 1, summary: 'Keep keys, and when each was last used.', creates: [KEYS, USES] }]

/** Every key, in memory and in the store. */
export class KeyBook {
  private readonly records = new Map<string, KeyRecord>()
  private readonly names = new Map<string, string>()
  private readonly uses = new Map<string, number>()
  private readonly fresh = new Set<string>()

  constructor (private readonly store: Store, private readonly clock: Clock) {}

  async load (): Promise<void> {
    await this.store.migrate(MIGRATIONS)
    for await (const { value } of this.store.scan(KEYS)) this.note(decodeRecord(value))
    for await (const { key, value } of this.store.scan(USES)) this.uses.set(key, Number(Buffer.from(value).toString()) || 0)
  }

  get size (): number {
    return this.records.size
  }

  get (id: string): KeyRecord | undefined {
    return this.records.get(id)
  }

  all (): readonly KeyRecord[] {
    return [...this.records.values()]
  }

  /** The active key of a name. */
  named (name: string): KeyRecord | undefined {
    const record = this.records.get(this.names.get(name) ?? '')
    return record !== undefined && stateOf(record, this.clock.now()) === 'active' ? record : undefined
  }

  /** Keeps records; they count when this resolves. */
  async keep (records: readonly KeyRecord[]): Promise<void> {
    await this.store.commit(records.map(record => ({ put: KEYS, key: record.id, value: encodeRecord(record) })))
    for (const record of records) this.note(record)
  }

  /** Forgets what has expired, revoked or not: it lets nobody in, whoever brings it back. */
  async forgetExpired (before: number): Promise<void> {
    const over = this.all().filter(({ expires }) => expires > 0 && expires < before)
    await this.store.commit(over.flatMap(({ id }) => [{ delete: KEYS, key: id }, { delete: USES, key: id }]))
    for (const { id, name } of over) {
      this.records.delete(id)
      this.uses.delete(id)
      if (this.names.get(name) === id) this.names.delete(name)
    }
  }

  /** Notes that a key was used now, in memory only. */
  used (id: string): void {
    this.uses.set(id, this.clock.now())
    this.fresh.add(id)
  }

  /** In milliseconds since the Unix epoch; 0: never. */
  lastUse (id: string): number {
    return this.uses.get(id) ?? 0
  }

  /** Writes down which keys were used since the last time. */
  async keepUses (): Promise<void> {
    const ids = [...this.fresh]
    this.fresh.clear()
    if (ids.length === 0) return
    await this.store.commit(ids.map(id => ({ put: USES, key: id, value: Buffer.from(String(this.lastUse(id))) })))
  }

  private note (record: KeyRecord): void {
    this.records.set(record.id, record)
    if (record.revoked === 0) this.names.set(record.name, record.id)
  }
}
