import { setFlagsFromString } from 'node:v8'
import type { CommandContext, RunCommand } from '../../contract/command.js'
import { configurationWords } from './configuration-words.js'
import { loadLifecycle, type ServerLifecycle } from './server-lifecycle.js'

/**
 * How much of its live size the heap of a thread grows by before it is collected, in percent. V8 would take up to 300:
 * 100 MiB more right after 10,000 agents were deployed, for 3 % less work in the API's thread (measured). A V8 that does
 * not know the flag leaves it at that.
 */
const HEAP_GROWTH = 100

/** `caxton server start` */
export const run: RunCommand = context => {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`)
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
