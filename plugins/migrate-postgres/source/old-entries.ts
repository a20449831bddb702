import type pg from 'pg'
import { isStateKey, type StateEntry } from '../../../kernel/contract/index.js'
import type { OldTable } from './old-layout.js'

const PAGE = 500

/** A row that has no place in the state tool. */
export interface LostRow {
  readonly table: string
  readonly row: string
}

/** What a table holds. */
export interface TableCount {
  readonly table: string
  readonly rows: number
  readonly bytes: number
}

export async function countTable (client: pg.Client, { name, value }: OldTable): Promise<TableCount> {
  const { rows: [row] } = await client.query<{ rows: string, bytes: string | null }>(
    `SELECT count(*) AS rows, sum(octet_length(${value})) AS bytes FROM ${name}`)
  return { table: name, rows: Number(row?.rows ?? 0), bytes: Number(row?.bytes ?? 0) }
}

/** All rows as entries, in ascending order of keys, behind the key `after`. Rows that can't be are given to `onLost`. */
export async function * oldEntries (
  client: pg.Client, tables: readonly OldTable[], after: string | undefined, onLost: (lost: LostRow) => void,
): AsyncIterable<StateEntry> {
  const parts = tables.map(({ name, key, value }) =>
    `SELECT '${name}' AS source, ${key} AS key, ${value} AS value, left(row_to_json(${name})::text, 200) AS row FROM ${name}`)
  const behind = after === undefined ? '' : 'WHERE key IS NULL OR key COLLATE "C" > $1'
  await client.query(
    `DECLARE old_rows NO SCROLL CURSOR FOR SELECT * FROM (${parts.join(' UNION ALL ')}) AS found ${behind} ORDER BY key COLLATE "C"`,
    after === undefined ? [] : [after])
  let last: string | undefined
  for (let isOver = false; !isOver;) {
    const { rows } = await client.query<{ source: string, key: string | null, value: string | null, row: string }>(
      `FETCH ${PAGE} FROM old_rows`)
    for (const { source, key, value, row } of rows) {
      // Two rows of one key, such as a snapshot that was written twice: the first counts, the other is told of.
      if (key === null || key === last || !isStateKey(key)) {
        onLost({ table: source, row })
        continue
      }
      last = key
      yield { key, version: 1, json: jsonOf(value) }
    }
    isOver = rows.length < PAGE
  }
  await client.query('CLOSE old_rows')
}

/** The value as it stands where it is JSON, else as text within JSON. */
function jsonOf (value: string | null): string {
  if (value === null) return 'null'
  try {
    JSON.parse(value)
    return value
  } catch {
    return JSON.stringify(value)
  }
}
