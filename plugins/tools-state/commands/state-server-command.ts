import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { isCaxtonError, State, type Connector, type RunCommand } from '../../../kernel/contract/index.js'
import { stateMcpServer } from '../mcp/state-mcp-server.js'
import { isObject } from '../tool/call-arguments.js'
import type { StateCall, StateCallResult } from '../tool/state-call.js'
import type { StateCaller } from '../tool/state-calls.js'
import { stateToolNamed } from '../tool/state-tool-definitions.js'

/** `caxton tools state-server`: standard output is the MCP connection, so everything else goes to standard error. */
export const run: RunCommand = async context => {
  const connector = await context.connect()
  const calls = callsThrough(connector, context.signal)
  // Who calls is whoever the connection's credentials say; the server decides.
  const caller = { principal: 'connection' }
  await new Promise<void>(resolve => {
    const served = serveStdio(() => stateMcpServer(calls, '1', () => caller), {
      onerror: error => { context.terminal.say(error.message) },
    })
    const end = (): void => { served.close().then(resolve, resolve) }
    process.stdin.once('end', end)
    context.signal.addEventListener('abort', end, { once: true })
  })
  return 0
}

/** The tools of a server, by its operations. */
function callsThrough (connector: Connector, signal: AbortSignal): StateCaller {
  return {
    async call ({ tool, arguments: values, key = '' }: StateCall): Promise<StateCallResult | undefined> {
      const definition = stateToolNamed(tool)
      if (!definition) return undefined
      const request = { tool, argumentsJson: JSON.stringify(values) }
      try {
        const answer = definition.changes
          ? await connector.unary(State.method.change, { ...request, idempotencyKey: key }, signal)
          : await connector.unary(State.method.read, request, signal)
        const structured: unknown = JSON.parse(answer.answerJson)
        return { structured: isObject(structured) ? structured : {}, isError: answer.isError, again: false }
      } catch (error) {
        if (!isCaxtonError(error)) throw error
        const { code, message, remedy, kind } = error
        const again = kind === 'unavailable' || kind === 'timeout'
        return { structured: { error: { code, message, remedy, again } }, isError: true, again }
      }
    },
  }
}
