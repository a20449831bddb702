import type { CommandContext, RunCommand } from '../../contract/command.js'
import { configurationWords } from './configuration-words.js'
import { setServerCompiler } from './server-compiler.js'
import { loadLifecycle, type ServerLifecycle } from './server-lifecycle.js'

/** `caxton server start` */
export const run: RunCommand = context => {
  setServerCompiler()
  return startWith(context, loadLifecycle)
}

/**
 * Runs a server in this process until it has stopped, and gives its exit code. Ctrl-C, which aborts `context.signal`,
 * drains it first. What keeps it from starting is shown as one report.
 */
export async function startWith (context: CommandContext, load: () => Promise<ServerLifecycle>): Promise<number> {
  const { terminal } = context
  const { startServer } = await load()
  const result = await startServer(configurationWords(context))
  if (result.started) return await result.stopped
  const { text, data, exitCode } = result.report
  if (terminal.output === 'human') terminal.say(text.trimEnd())
  else terminal.record([], data)
  return exitCode
}
