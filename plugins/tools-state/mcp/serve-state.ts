import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { ToolServerConnection } from '../../../kernel/contract/index.js'
import type { StateCaller } from '../tool/state-calls.js'
import { InProcessPipe } from './in-process-pipe.js'
import { callerFromHost, stateMcpServer } from './state-mcp-server.js'

/** Serves one connection of the host's. `refused` hears why a message was. */
export function serveState (calls: StateCaller, version: string, refused: (reason: string) => void): ToolServerConnection {
  const pipe = new InProcessPipe()
  const served = serveStdio(() => stateMcpServer(calls, version, callerFromHost), {
    transport: pipe.transport, onerror: error => { refused(error.message) },
  })
  return {
    ...pipe.connection,
    close: async () => {
      await served.close()
      await pipe.connection.close()
    },
  }
}
