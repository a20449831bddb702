import type { RunCommand, CommandContext, Connector } from '../../contract/command.js'
import { Agents, AgentLogsResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { wholeNumber } from '../line/values.js'
import { jsonOf } from './answer-data.js'
import { argument, isSet, option } from './input-words.js'
import { timeText } from './moment-text.js'
import { callServer } from './server-call.js'

/** `caxton agents logs` */
export const run: RunCommand = async context => {
  if (isSet(context.input, 'follow')) {
    await show(context, await context.connect(), context.signal)
    context.signal.throwIfAborted()
  } else {
    await callServer(context, (connector, signal) => show(context, connector, signal))
  }
  return 0
}

async function show ({ input, terminal }: CommandContext, connector: Connector, signal: AbortSignal): Promise<void> {
  const request = {
    name: argument(input, 'AGENT'),
    lines: wholeNumber('`--lines`', option(input, 'lines') ?? '100', 1, 100_000),
    follow: isSet(input, 'follow'),
  }
  let shown = 0
  for await (const line of connector.serverStream(Agents.method.logs, request, signal)) {
    terminal.item(`${timeText(line.at)} ${line.level.padEnd(5)} ${line.text}`, jsonOf(AgentLogsResponseSchema, line))
    shown += 1
  }
  if (shown === 0) terminal.say(`${request.name} has logged nothing since the server started`)
}
