import type { DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { CommandContext, Connector } from '../../contract/command.js'
import { CommandTimedOut } from '../command-errors.js'

/** How long a command waits for a plain answer, in milliseconds. */
export const ANSWER_WITHIN = 30_000

/** Talks to the server for at most `milliseconds`. Throws `COMMAND_TIMED_OUT`, and what `talk` throws. */
export async function callServer<T> (
  context: CommandContext,
  talk: (connector: Connector, signal: AbortSignal) => Promise<T>,
  milliseconds: number = ANSWER_WITHIN,
): Promise<T> {
  const connector = await context.connect()
  const late = new AbortController()
  const timer = context.clock.after(milliseconds, () => late.abort())
  try {
    return await talk(connector, AbortSignal.any([context.signal, late.signal]))
  } catch (error) {
    throw late.signal.aborted ? CommandTimedOut({ seconds: milliseconds / 1000 }, { cause: error }) : error
  } finally {
    timer.cancel()
  }
}

/** Calls one plain operation and waits for its answer for at most `milliseconds`. Throws as {@link callServer} does. */
export function askServer<M extends DescMethod> (
  context: CommandContext, method: M, request: MessageInitShape<M['input']>, milliseconds: number = ANSWER_WITHIN,
): Promise<MessageShape<M['output']>> {
  return callServer(context, (connector, signal) => connector.unary(method, request, signal), milliseconds)
}
