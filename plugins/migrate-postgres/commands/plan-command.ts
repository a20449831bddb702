import type { RunCommand } from '../../../kernel/contract/index.js'
import { countTable, oldEntries, type TableCount } from '../source/old-entries.js'
import { oldTables } from '../source/old-layout.js'
import { withSource } from '../source/source-database.js'
import { LostRows, spaceOf } from './source-words.js'

/** `caxton migrate postgres plan`: exit code 1 if rows can't be migrated. */
export const run: RunCommand = async context => {
  const { terminal } = context
  const lost = new LostRows()
  const plan = await withSource(context, async client => {
    const tables = await oldTables(client, spaceOf(context))
    const counts: TableCount[] = []
    for (const table of tables) counts.push(await countTable(client, table))
    const total = counts.reduce((sum, { rows }) => sum + rows, 0)
    const keys = new Map<string, number>()
    let seen = 0
    await terminal.progress('Looking', async advance => {
      for await (const { key } of oldEntries(client, tables, undefined, lost.note)) {
        context.signal.throwIfAborted()
        const prefix = /^[^/]+\/[^/]+\//.exec(key)?.[0] ?? ''
        keys.set(prefix, (keys.get(prefix) ?? 0) + 1)
        advance(++seen, total)
      }
    })
    return { counts, keys }
  })
  const rows = [
    ...plan.counts.map(({ table, rows: count, bytes }) => ({ what: 'table', name: table, count, bytes: String(bytes) })),
    ...[...plan.keys].map(([name, count]) => ({ what: 'becomes', name, count, bytes: '' })),
    ...lost.count === 0 ? [] : [{ what: 'LEFT OUT', name: 'rows that have no place', count: lost.count, bytes: '' }],
  ]
  terminal.table(rows, [
    { heading: 'WHAT', text: row => row.what }, { heading: 'NAME', text: row => row.name },
    { heading: 'COUNT', text: row => String(row.count), right: true }, { heading: 'BYTES', text: row => row.bytes, right: true },
  ], { tables: plan.counts, keys: Object.fromEntries(plan.keys), invalid: { rows: lost.count, examples: lost.examples } })
  for (const { table, row } of lost.examples) terminal.say(`No place for this row of ${table}: ${row}`)
  return lost.count === 0 ? 0 : 1
}
