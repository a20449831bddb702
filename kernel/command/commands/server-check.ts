import type { CommandContext, RunCommand } from '../../contract/command.js'
import { configurationWords } from './configuration-words.js'
import { loadLifecycle, type ServerLifecycle } from './server-lifecycle.js'

/** `caxton server check` */
export const run: RunCommand = context => checkWith(context, loadLifecycle)

/** Shows every problem of a configuration; the exit code is the one that starting with it would give. */
export async function checkWith (context: CommandContext, load: () => Promise<ServerLifecycle>): Promise<number> {
  const { terminal } = context
  const { checkConfiguration } = await load()
  const { text, data, exitCode } = await checkConfiguration(configurationWords(context))
  if (terminal.output === 'human') {
    for (const line of text.trimEnd().split('\n')) terminal.item(line, line)
  } else {
    terminal.record([], data)
  }
  return exitCode
}
