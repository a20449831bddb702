import type Database from 'better-sqlite3'
import type { Entry, Range } from '../../kernel/contract/index.js'
import type { OwnerState, Page, StepEnd, TableId, WireChange } from './database-calls.js'

/** A scan answers with at most so many entries at a time, and ends a page after so many bytes. */
const PAGE_ENTRIES = 256
const PAGE_BYTES = 1024 * 1024

/**
 * The statements over one table per (owner, collection). Text compares by its UTF-8 bytes in SQLite, so order needs
 * no care. Statements are never let go, as all that better-sqlite3 makes; SQLite prepares them anew where a table was dropped or
 * its creation undone, so that a migration that fails again and again makes no more of them.
 */
export class CollectionTables {
  readonly #statements = new Map<string, Database.Statement<unknown[]>>()

  constructor (private readonly database: Database.Database) {}

  owner (owner: string): OwnerState {
    const version = this.#prepare('SELECT coalesce(max(version), 0) FROM caxton_migrations WHERE owner = ?').pluck().get(owner)
    const rows = this.#prepare('SELECT name, id FROM caxton_collections WHERE owner = ?').raw().all(owner)
    return { version: Number(version), tables: new Map(rows as Array<[string, TableId]>) }
  }

  create (owner: string, name: string): void {
    const made = this.#prepare('INSERT INTO caxton_collections (owner, name) VALUES (?, ?)').run(owner, name)
    const table = tableName(Number(made.lastInsertRowid))
    this.database.exec(`CREATE TABLE ${table} (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID`)
  }

  drop (owner: string, name: string): void {
    const id = this.owner(owner).tables.get(name)
    if (id === undefined) return
    this.database.exec(`DROP TABLE ${tableName(id)}`)
    this.#prepare('DELETE FROM caxton_collections WHERE id = ?').run(id)
  }

  noteStep ({ owner, version, summary, at }: StepEnd): void {
    this.#prepare('INSERT INTO caxton_migrations VALUES (?, ?, ?, ?)').run(owner, version, summary, at)
  }

  get (table: TableId, key: string): Uint8Array | undefined {
    return this.#prepare(`SELECT value FROM ${tableName(table)} WHERE key = ?`).pluck().get(key) as Uint8Array | undefined
  }

  count (table: TableId): number {
    return Number(this.#prepare(`SELECT count(*) FROM ${tableName(table)}`).pluck().get())
  }

  /** The next entries of a range, after the key `after` in the direction of reading. */
  scan (table: TableId, range: Range, after: string | undefined): Page {
    const { where, bounds } = condition(range, after)
    const most = Math.min(range.limit ?? PAGE_ENTRIES, PAGE_ENTRIES)
    const rest = `FROM ${tableName(table)} ${where} ${orderOf(range)} LIMIT ?`
    // Sizes first, instead of iterating until it is enough: an iterator could not be kept.
    const sizes = this.#prepare(`SELECT length(value) ${rest}`).pluck().all(...bounds, most) as number[]
    let bytes = 0
    let count = 0
    while (count < sizes.length && bytes < PAGE_BYTES) bytes += sizes[count++] ?? 0
    const entries = count === 0 ? [] : this.#prepare(`SELECT key, value ${rest}`).all(...bounds, count) as Entry[]
    return { entries, more: bytes >= PAGE_BYTES || count === PAGE_ENTRIES }
  }

  apply (change: WireChange, values: Uint8Array): void {
    const table = tableName(change[1])
    if (change[0] === 'put') {
      const [,, key, at, bytes] = change
      const sql = `INSERT INTO ${table} VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`
      this.#prepare(sql).run(key, Buffer.from(values.buffer, values.byteOffset + at, bytes))
    } else if (change[0] === 'delete') {
      this.#prepare(`DELETE FROM ${table} WHERE key = ?`).run(change[2])
    } else {
      this.#clear(table, change[2])
    }
  }

  #clear (table: string, range: Range): void {
    const { where, bounds } = condition(range, undefined)
    if (range.limit === undefined) {
      this.#prepare(`DELETE FROM ${table} ${where}`).run(...bounds)
      return
    }
    const chosen = `SELECT key FROM ${table} ${where} ${orderOf(range)} LIMIT ?`
    this.#prepare(`DELETE FROM ${table} WHERE key IN (${chosen})`).run(...bounds, range.limit)
  }

  #prepare (sql: string): Database.Statement<unknown[]> {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.database.prepare<unknown[]>(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

const tableName = (id: TableId): string => `collection_${Math.trunc(id)}`

const orderOf = (range: Range): string => range.reverse ? 'ORDER BY key DESC' : 'ORDER BY key'

function condition (range: Range, after: string | undefined): { where: string, bounds: string[] } {
  const parts: Array<[string, string | undefined]> = [
    ['key >= ?', range.from], ['key < ?', range.to], [range.reverse ? 'key < ?' : 'key > ?', after],
  ]
  const terms: string[] = []
  const bounds: string[] = []
  for (const [term, bound] of parts) {
    if (bound === undefined) continue
    terms.push(term)
    bounds.push(bound)
  }
  return { where: terms.length > 0 ? `WHERE ${terms.join(' AND ')}` : '', bounds }
}
