import path from 'node:path'
import { StateFileWriter, type RunCommand } from '../../../kernel/contract/index.js'
import { countTable, oldEntries } from '../source/old-entries.js'
import { oldTables } from '../source/old-layout.js'
import { withSource } from '../source/source-database.js'
import { LostRows, spaceOf } from './source-words.js'

/** `caxton migrate postgres export FILE` */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder, clock, signal } = context
  const name = input.arguments['file']?.[0] ?? ''
  const header = { created: new Date(clock.now()).toISOString(), prefix: '', newest: 1 }
  await withSource(context, async client => {
    const tables = await oldTables(client, spaceOf(context))
    const lost = new LostRows()
    for await (const { key } of oldEntries(client, tables, undefined, lost.note)) if (key !== '') signal.throwIfAborted()
    lost.demandNone(context)
    let total = -lost.count
    for (const table of tables) total += (await countTable(client, table)).rows
    const writer = await StateFileWriter.open(path.resolve(workingFolder, name), header)
    if (writer.entries > 0) terminal.say(`Going on with ${name}.part, which has ${writer.entries} entries.`)
    let isDone = false
    try {
      await terminal.progress('Exporting', async advance => {
        for await (const entry of oldEntries(client, tables, writer.last, () => {})) {
          signal.throwIfAborted()
          await writer.add(entry)
          advance(writer.entries, total)
        }
      })
      const { entries, bytes } = await writer.finish()
      isDone = true
      terminal.record([['file', name], ['entries', String(entries)], ['left out', String(lost.count)], ['bytes', String(bytes)]],
        { file: name, entries, leftOut: lost.count, bytes })
    } finally {
      if (!isDone) await writer.leave()
    }
  })
  return 0
}
