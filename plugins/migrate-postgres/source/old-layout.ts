import type pg from 'pg'
import { MigrationLayoutUnknown } from '../migrate-errors.js'

/** A table of Caxton 0.1, and the SQL that gives a key and a value for each of its rows. */
export interface OldTable {
  readonly name: 'agent_states' | 'snapshots' | 'events'
  /** SQL for the key of the state tool; null for a row that has no place there. */
  readonly key: string
  /** SQL for the value, as text. */
  readonly value: string
}

/**
 * Columns of the tables of history, as the design of 0.1 has them (decision 0013 there): whose a row is, what that is, and which column
 * has their order. There is one snapshot of each, and of events the numbers grow.
 */
const HISTORY = {
  events: ['aggregate_id', 'aggregate_type', 'id'],
  snapshots: ['aggregate_id', 'aggregate_type', 'event_version'],
} as const
/** Names that need no encoding in a key. */
const NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$'
/** Keys that 0.1 kept for one agent: `checkpoints/AGENT/latest`. */
const OF_AGENT = '^(checkpoints|logs|tasks|states)/([A-Za-z0-9][A-Za-z0-9._-]{0,254})/(.+)$'

type Columns = ReadonlyMap<string, string>

/** Finds the tables that there are. Throws `MIGRATION_LAYOUT_UNKNOWN`. `space` is where keys go that are no agent's own. */
export async function oldTables (client: pg.Client, space: string): Promise<readonly OldTable[]> {
  const { rows } = await client.query<{ table: string, column: string, type: string }>(`
    SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name IN ('agent_states', 'snapshots', 'events')`)
  const columnsOf = (table: string): Columns => new Map(rows.filter(row => row.table === table).map(({ column, type }) => [column, type]))
  const tables: OldTable[] = []
  const states = columnsOf('agent_states')
  if (states.size > 0) tables.push(statesTable(states, space))
  for (const name of ['snapshots', 'events'] as const) {
    const columns = columnsOf(name)
    if (columns.size > 0) tables.push(historyTable(name, columns, space))
  }
  if (tables.length === 0) throw MigrationLayoutUnknown({ reason: 'there is no table agent_states, snapshots or events' })
  return tables
}

function statesTable (columns: Columns, space: string): OldTable {
  for (const column of ['key', 'value']) {
    if (!columns.has(column)) throw MigrationLayoutUnknown({ reason: `agent_states has no column "${column}"` })
  }
  const own = `regexp_replace(key, '${OF_AGENT}', 'agents/\\2/\\1/\\3')`
  const key = `CASE WHEN key ~ '${OF_AGENT}' THEN ${own} ELSE 'shared/${space}/' || key END`
  // Bytes become JSON that says so; everything else is text, and looked at when it arrives.
  const value = columns.get('value') === 'bytea' ? 'json_build_object(\'base64\', encode(value, \'base64\'))::text' : 'value::text'
  return { name: 'agent_states', key, value }
}

/** Whole rows become values, so that nothing of them is lost. What is no agent's, such as a conversation, goes to the shared space. */
function historyTable (name: 'snapshots' | 'events', columns: Columns, space: string): OldTable {
  const missing = HISTORY[name].find(column => !columns.has(column))
  if (missing !== undefined) throw MigrationLayoutUnknown({ reason: `${name} has no column "${missing}"` })
  const [owner, type, order] = HISTORY[name].map(column => `${column}::text`)
  const nth = `CASE WHEN ${order} ~ '^[0-9]{1,20}$' THEN lpad(${order}, 20, '0') ELSE ${order} END`
  const place = `CASE WHEN lower(${type}) = 'agent' THEN 'agents/' ELSE 'shared/${space}/' || lower(${type}) || '/' END`
  const key = `CASE WHEN ${owner} ~ '${NAME}' AND ${type} ~ '${NAME}' THEN ${place} || ${owner} || '/${name}/' || ${nth} END`
  return { name, key, value: `row_to_json(${name})::text` }
}
