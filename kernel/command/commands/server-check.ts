import type { CommandContext, RunCommand } from '../../contract/command.js'
import { configurationWords } from './configuration-words.js'
import { loadLifecycle, type ServerLifecycle } from './server-lifecycle.js'
import { showReport } from './start-report.js'

/** `caxton server check` */
export const run: RunCommand = context => checkWith(context, loadLifecycle)

/** Shows every problem of a configuration; the exit code is the one that starting with it would give. */
export async function checkWith (context: CommandContext, load: () => Promise<ServerLifecycle>): Promise<number> {
  const { checkConfiguration } = await load()
  return showReport(context.terminal, await checkConfiguration(configurationWords(context)))
}
