import type { PoolClient, QueryResult } from 'pg'
import {
  STATE_LIMITS, StateConflict, StateDatabaseRefused, type StateChange, type StateCommit, type StateValue,
} from '../../kernel/contract/index.js'

/** Two letters of every lock that Caxton takes by number, so that two servers do not make the tables at once. */
const LOCK = 0x4378
const NAME = /^[a-z_][a-z0-9_]{0,50}$/

/** Whoever runs a query: a connection, or the pool. */
type Database = Pick<PoolClient, 'query'>

/** The statements over the table of values. Keys compare by their bytes (collation C of a database in UTF-8). */
export class PostgresTable {
  readonly #versions: string

  constructor (private readonly table: string) {
    this.#versions = `${table}_version`
  }

  /** Makes the tables where they are missing. Throws `STATE_DATABASE_REFUSED` for what can't be used. */
  async prepare (database: Database, place: string): Promise<void> {
    if (!NAME.test(this.table)) throw StateDatabaseRefused({ place, reason: `"${this.table}" is no name for the table of the state` })
    const { rows: [shown] } = await database.query<{ server_encoding: string }>('SHOW server_encoding')
    if (shown?.server_encoding !== 'UTF8') {
      throw StateDatabaseRefused({ place, reason: `it keeps text as ${String(shown?.server_encoding)}, and must do so as UTF8` })
    }
    const names = [this.table, this.#versions]
    const { rows: [found] } = await database.query<{ state: string | null, version: string | null }>(
      'SELECT to_regclass($1) AS state, to_regclass($2) AS version', names)
    if (found && found.state !== null && found.version !== null) return
    await database.query(`
      BEGIN;
      SELECT pg_advisory_xact_lock(${LOCK});
      CREATE TABLE IF NOT EXISTS ${this.table} (key text COLLATE "C" PRIMARY KEY, json text NOT NULL, version bigint NOT NULL);
      CREATE TABLE IF NOT EXISTS ${this.#versions} (one integer PRIMARY KEY CHECK (one = 1), version bigint NOT NULL);
      INSERT INTO ${this.#versions} VALUES (1, 0) ON CONFLICT DO NOTHING;
      COMMIT`)
  }

  async getMany (database: Database, keys: readonly string[]): Promise<ReadonlyArray<StateValue | undefined>> {
    const { rows } = await database.query<{ json: string | null, version: string | null }>(`
      SELECT json, version FROM (
        SELECT nth, json, version, sum(coalesce(octet_length(json), 0)) OVER (ORDER BY nth) AS bytes
        FROM unnest($1::text[]) WITH ORDINALITY AS asked (key, nth) LEFT JOIN ${this.table} USING (key)
      ) AS found WHERE bytes <= ${STATE_LIMITS.answerBytes} OR nth = 1 ORDER BY nth`, [keys])
    return rows.map(({ json, version }) => json === null ? undefined : { json, version: Number(version) })
  }

  async keys (database: Database, from: string, to: string | undefined, after: string, limit: number): Promise<string[]> {
    const { rows } = await database.query<{ key: string }>(
      `SELECT key FROM ${this.table} WHERE key >= $1 AND key > $2 ${to === undefined ? '' : 'AND key < $4'} ORDER BY key LIMIT $3`,
      [from, after, limit, ...to === undefined ? [] : [to]])
    return rows.map(({ key }) => key)
  }

  async count (database: Database, from: string, to: string | undefined): Promise<number> {
    const { rows: [row] } = await database.query<{ keys: string }>(
      `SELECT count(*) AS keys FROM ${this.table} WHERE key >= $1 ${to === undefined ? '' : 'AND key < $2'}`,
      [from, ...to === undefined ? [] : [to]])
    return Number(row?.keys)
  }

  /** Of the newest change. */
  async version (database: Database): Promise<number> {
    const { rows: [row] } = await database.query<{ version: string }>(`SELECT version FROM ${this.#versions}`)
    return Number(row?.version)
  }

  /**
   * Within one transaction: the row of the version is locked first and until the end, so batches of all servers come one after another,
   * and what is read after it is the newest there is.
   */
  async commit (client: Database, changes: readonly StateChange[], above: number): Promise<StateCommit> {
    await client.query('BEGIN')
    const { rows: [row] } = await client.query<{ version: string }>(
      `UPDATE ${this.#versions} SET version = greatest(version, $1) + 1 RETURNING version`, [above])
    const version = Number(row?.version)
    const before = await this.#versionsOf(client, changes)
    changes.forEach(({ key, expected }, i) => {
      const found = before[i] ?? 0
      if (expected !== undefined && expected !== found) throw StateConflict({ key, expected, found })
    })
    await this.#apply(client, changes, version)
    await client.query('COMMIT')
    return { version, before }
  }

  async #versionsOf (client: Database, changes: readonly StateChange[]): Promise<number[]> {
    const { rows } = await client.query<{ version: string | null }>(`
      SELECT version FROM unnest($1::text[]) WITH ORDINALITY AS asked (key, nth) LEFT JOIN ${this.table} USING (key) ORDER BY nth`,
    [changes.map(({ key }) => key)])
    return rows.map(each => Number(each.version ?? 0))
  }

  async #apply (client: Database, changes: readonly StateChange[], version: number): Promise<void> {
    const puts = changes.flatMap(change => 'json' in change ? [change] : [])
    const deletes = changes.flatMap(change => 'json' in change ? [] : [change.key])
    const queries: Array<Promise<QueryResult>> = []
    if (puts.length > 0) {
      queries.push(client.query(
        `INSERT INTO ${this.table} SELECT key, json, $3 FROM unnest($1::text[], $2::text[]) AS put (key, json)
         ON CONFLICT (key) DO UPDATE SET json = excluded.json, version = excluded.version`,
        [puts.map(({ key }) => key), puts.map(({ json }) => json), version]))
    }
    if (deletes.length > 0) queries.push(client.query(`DELETE FROM ${this.table} WHERE key = ANY($1::text[])`, [deletes]))
    await Promise.all(queries)
  }
}
