import { compareState, type RunCommand } from '../../../kernel/contract/index.js'
import { oldEntries } from '../source/old-entries.js'
import { oldTables } from '../source/old-layout.js'
import { withSource } from '../source/source-database.js'
import { LostRows, spaceOf } from './source-words.js'

/** `caxton migrate postgres verify`: exit code 0 if the server has every value of the old database, 1 otherwise. */
export const run: RunCommand = async context => {
  const { terminal, signal } = context
  const connector = await context.connect()
  const lost = new LostRows()
  const { same, missing, different, examples } = await withSource(context, async client => {
    const tables = await oldTables(client, spaceOf(context))
    return await compareState(connector, oldEntries(client, tables, undefined, lost.note), '', signal)
  })
  signal.throwIfAborted()
  lost.demandNone(context)
  const isSame = missing + different === 0
  terminal.record([
    ['result', isSame ? 'everything is there' : 'DIFFERENT'], ['same', String(same)], ['missing on the server', String(missing)],
    ['with another value', String(different)], ...examples.map(key => ['for example', key] as const),
  ], { isSame, same, missing, different, examples })
  return isSame ? 0 : 1
}
