import { resolve } from 'node:path'
import type { Column, CommandContext, RunCommand } from '../../contract/command.js'
import { ErrorCodeUnknown } from '../command-errors.js'
import { exitCodeOf } from '../exit-codes.js'
import { CaxtonError } from '../../contract/errors.js'
import { readCommandIndex, readErrorIndex, type IndexedError } from '../index/command-index.js'
import { nearestWords } from '../line/nearest-words.js'
import { argument } from './input-words.js'

/** `caxton explain` */
export const run: RunCommand = async context => {
  return explain(context, [...await readErrorIndex(), ...await strangersErrors(context)])
}

/** Explains the code that the line names, or lists all. Throws `ERROR_CODE_UNKNOWN`. */
export function explain (
  { input, terminal }: Pick<CommandContext, 'input' | 'terminal'>, errors: readonly IndexedError[],
): number {
  const typed = argument(input, 'CODE')
  if (typed === '') {
    terminal.table(errors, COLUMNS, errors)
    return 0
  }
  const entry = errors.find(({ code }) => code === typed.toUpperCase().replaceAll('-', '_'))
  if (entry === undefined) {
    throw ErrorCodeUnknown({ code: typed, near: nearestWords(typed, errors.map(({ code }) => code)) })
  }
  terminal.record([
    ['code', entry.code],
    ['meaning', entry.meaning],
    ['remedy', entry.remedy],
    ['kind', `${entry.kind} (exit code ${exitCodeOf(new CaxtonError(entry.code, entry.kind, '', {}, ''))})`],
    ['declared by', entry.from],
  ], entry)
  return 0
}

const COLUMNS: ReadonlyArray<Column<IndexedError>> = [
  { heading: 'CODE', text: entry => entry.code },
  { heading: 'MEANING', text: entry => entry.meaning },
]

async function strangersErrors (context: CommandContext): Promise<readonly IndexedError[]> {
  const { environment, terminal, workingFolder } = context
  const named = environment['CAXTON_CONFIG'] ?? ''
  if (named === '') return []
  const { findStrangers } = await import('../strangers.js')
  const file = resolve(workingFolder, named)
  const strangers = await findStrangers({ file, environment, index: await readCommandIndex() })
  for (const problem of strangers.problems) terminal.say(`warning: ${problem}`)
  return strangers.errors
}
