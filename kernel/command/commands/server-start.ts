import { setFlagsFromString } from 'node:v8'
import type { CommandContext, RunCommand } from '../../contract/command.js'
import { configurationWords } from './configuration-words.js'
import { loadLifecycle, type ServerLifecycle } from './server-lifecycle.js'

/** Bytes of code to which V8 may let a function grow by putting what it calls in the place of the call (decision 0019). */
const INLINED = 4_600

/** `caxton server start` */
export const run: RunCommand = context => {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED}`)
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
