import type { RunCommand } from '../../contract/command.js'
import { CommandValueInvalid } from '../command-errors.js'
import { readCommandIndex } from '../index/command-index.js'
import { nearestWords } from '../line/nearest-words.js'
import { completionScript, SHELLS } from './completion-script.js'
import { argument } from './input-words.js'

/** `caxton completion` */
export const run: RunCommand = async context => {
  const shell = argument(context.input, 'SHELL')
  const known = SHELLS.find(name => name === shell)
  if (known === undefined) {
    const expected = `shells are ${SHELLS.join(' and ')}`
    throw CommandValueInvalid({ what: 'SHELL', value: shell, expected, near: nearestWords(shell, SHELLS) })
  }
  const { commands } = await readCommandIndex()
  for (const line of completionScript(known, commands)) context.terminal.item(line, line)
  return 0
}
