import path from 'node:path'
import { importStateFile, type RunCommand } from '../../../kernel/contract/index.js'

/** `caxton migrate postgres import FILE` */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder } = context
  const file = path.resolve(workingFolder, input.arguments['file']?.[0] ?? '')
  const { stored, same } = await importStateFile(context, file, { existing: '', after: undefined }, () => {})
  terminal.record([['stored', String(stored)], ['there already', String(same)]], { stored, same })
  return 0
}
