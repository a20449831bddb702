import type { CommandContext, RunCommand } from '../../contract/command.js'
import { configurationWords } from './configuration-words.js'
import { loadLifecycle, type ServerLifecycle } from './server-lifecycle.js'

/** `caxton server start` */
export const run: RunCommand = context => startWith(context, loadLifecycle)

/** Runs a server in this process until it has stopped. Ctrl-C, which aborts `context.signal`, drains it first. */
export async function startWith (context: CommandContext, load: () => Promise<ServerLifecycle>): Promise<number> {
  const { startServer } = await load()
  const result = await startServer({ ...configurationWords(context), signal: context.signal })
  if (result.started) return await result.stopped
  context.terminal.say(result.report.text.trimEnd())
  return result.report.exitCode
}
