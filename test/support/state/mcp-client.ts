import { Client, type ClientOptions, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/client'
import type { ToolServer } from '../../../kernel/contract/index.js'

/** A real MCP client at the host's end of the pipe to a tool server of this process. */
export async function connectedClient (
  server: ToolServer, negotiation: ClientOptions['versionNegotiation'] = { mode: 'auto' },
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: negotiation })
  await client.connect(await pipeTo(server))
  return client
}

async function pipeTo (server: ToolServer): Promise<Transport> {
  const connection = await server.connect()
  const transport: Transport = {
    start: async () => {
      // What the tool says is checked by the client itself.
      connection.onMessage(message => { transport.onmessage?.(message as JSONRPCMessage) })
      connection.onClose(() => { transport.onclose?.() })
    },
    send: message => connection.send(message),
    close: () => connection.close(),
  }
  return transport
}
