import path from 'node:path'
import { importStateFile, type Imported, type RunCommand } from '../../../kernel/contract/index.js'
import { StateArgumentsInvalid } from '../state-tool-errors.js'
import { optionOf } from './option-of.js'

/** `caxton state import FILE` */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder } = context
  const name = input.arguments['file']?.[0] ?? ''
  const existing = optionOf(input, 'existing')
  const after = optionOf(input, 'after')
  if (existing !== '' && existing !== 'keep' && existing !== 'overwrite') {
    throw StateArgumentsInvalid({ argument: '--existing', reason: `is "${existing}"; there is keep and overwrite` })
  }
  let soFar: Imported | undefined
  try {
    const terms = { existing, after: after === '' ? undefined : after } as const
    const { stored, same, kept } = await importStateFile(context, path.resolve(workingFolder, name), terms, each => { soFar = each })
    terminal.record([
      ['stored', String(stored)], ['there already', String(same)], ['left as they were', String(kept)],
    ], { stored, same, kept })
    return 0
  } catch (error) {
    if (soFar?.last !== undefined) terminal.say(`Imported up to "${soFar.last}". To go on: --after '${soFar.last}', or everything again.`)
    throw error
  }
}
