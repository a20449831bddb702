import type { CommandContext, RunCommand } from '../../contract/command.js'
import { configurationWords } from './configuration-words.js'
import { loadLifecycle, type ServerLifecycle } from './server-lifecycle.js'
import { showReport } from './start-report.js'

/** `caxton server start` */
export const run: RunCommand = context => startWith(context, loadLifecycle)

/**
 * Runs a server in this process until it has stopped, and gives its exit code. Ctrl-C, which aborts `context.signal`,
 * drains it first. What keeps it from starting is shown as one report.
 */
export async function startWith (context: CommandContext, load: () => Promise<ServerLifecycle>): Promise<number> {
  const { startServer, reportOf } = await load()
  const options = configurationWords(context)
  try {
    const { stopped } = await startServer(options)
    return await stopped
  } catch (error) {
    const report = reportOf(error, options.configurationFile ?? 'the embedded configuration')
    if (report === undefined) throw error
    return showReport(context.terminal, report)
  }
}
