import path from 'node:path'
import { checkStateFile, compareState, entriesOf, type RunCommand } from '../../../kernel/contract/index.js'

/** `caxton state verify FILE`: exit code 0 if nothing differs, 1 otherwise. */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder, signal } = context
  const file = path.resolve(workingFolder, input.arguments['file']?.[0] ?? '')
  const { header, end } = await checkStateFile(file)
  if (input.options['file-only'] === true) {
    terminal.record([
      ['result', 'whole'], ['entries', String(end.entries)], ['exported', header.created],
      ['prefix', header.prefix === '' ? '–' : header.prefix],
    ], { whole: true, entries: end.entries, exported: header.created, prefix: header.prefix })
    return 0
  }
  const connector = await context.connect()
  const found = await terminal.progress('Comparing', advance =>
    compareState(connector, entriesOf(file), header.prefix, signal, done => { advance(done, end.entries) }))
  signal.throwIfAborted()
  const isSame = found.missing + found.different + found.more === 0
  terminal.record([
    ['result', isSame ? 'the same' : 'DIFFERENT'], ['same', String(found.same)], ['missing on the server', String(found.missing)],
    ['with another value', String(found.different)], ['more on the server', String(found.more)],
    ...found.examples.map(key => ['for example', key] as const),
  ], { isSame, ...found })
  return isSame ? 0 : 1
}
