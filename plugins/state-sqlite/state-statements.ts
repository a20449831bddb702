import type Database from 'better-sqlite3'
import type { StateValue } from '../../kernel/contract/index.js'

/** Sorts after every key: no UTF-8 text has this byte. */
const LAST = 'X\'FF\''

/** The statements over the table of values. Text compares by its UTF-8 bytes in SQLite, so order needs no care. */
export class StateStatements {
  readonly #get: Database.Statement<unknown[]>
  readonly #versionOf: Database.Statement<unknown[]>
  readonly #keys: Database.Statement<unknown[]>
  readonly #count: Database.Statement<unknown[]>
  readonly #put: Database.Statement<unknown[]>
  readonly #delete: Database.Statement<unknown[]>
  readonly #version: Database.Statement<unknown[]>
  readonly #nextVersion: Database.Statement<unknown[]>

  /** Adds them to `kept`, because they must not be collected. */
  constructor (database: Database.Database, kept: object[]) {
    const prepare = (sql: string): Database.Statement<unknown[]> => {
      const statement = database.prepare<unknown[]>(sql)
      kept.push(statement)
      return statement
    }
    // A blob sorts after all text.
    const range = `key >= ? AND key < coalesce(?, ${LAST})`
    this.#get = prepare('SELECT json, version FROM state WHERE key = ?')
    this.#versionOf = prepare('SELECT version FROM state WHERE key = ?').pluck()
    this.#keys = prepare(`SELECT key FROM state WHERE ${range} AND key > ? ORDER BY key LIMIT ?`).pluck()
    this.#count = prepare(`SELECT count(*) FROM state WHERE ${range}`).pluck()
    this.#put = prepare(
      'INSERT INTO state VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json, version = excluded.version')
    this.#delete = prepare('DELETE FROM state WHERE key = ?')
    this.#version = prepare('SELECT version FROM state_version').pluck()
    this.#nextVersion = prepare('UPDATE state_version SET version = max(version, ?) + 1 RETURNING version').pluck()
  }

  get (key: string): StateValue | undefined {
    return this.#get.get(key) as StateValue | undefined
  }

  /** 0 where there is no such key. */
  versionOf (key: string): number {
    return Number(this.#versionOf.get(key) ?? 0)
  }

  keys (from: string, to: string | undefined, after: string, limit: number): string[] {
    return this.#keys.all(from, to ?? null, after, limit) as string[]
  }

  count (from: string, to: string | undefined): number {
    return Number(this.#count.get(from, to ?? null))
  }

  put (key: string, json: string, version: number): void {
    this.#put.run(key, json, version)
  }

  delete (key: string): void {
    this.#delete.run(key)
  }

  /** Of the newest change. */
  version (): number {
    return Number(this.#version.get())
  }

  nextVersion (above: number): number {
    return Number(this.#nextVersion.get(above))
  }
}
