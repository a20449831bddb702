import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import { isJSONRPCErrorResponse, isJSONRPCNotification, isJSONRPCRequest, isJSONRPCResultResponse } from '@modelcontextprotocol/client'
import type { ToolServer, ToolServerConnection } from '../../../kernel/contract/index.js'

/** Speaks with a server of this process through its pipe. */
export class LocalTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: NonNullable<Transport['onmessage']>
  private connection: ToolServerConnection | undefined
  private isClosed = false

  constructor (private readonly server: ToolServer) {}

  async start (): Promise<void> {
    const connection = await this.server.connect()
    if (this.isClosed) {
      await connection.close()
      throw new Error('it was closed while it opened')
    }
    this.connection = connection
    connection.onMessage(message => {
      if (isMessage(message)) this.onmessage?.(message)
      else this.onerror?.(new TypeError('the server said something that is no message of JSON-RPC'))
    })
    connection.onClose(() => { this.onclose?.() })
  }

  async send (message: JSONRPCMessage): Promise<void> {
    await this.connection?.send(message)
  }

  async close (): Promise<void> {
    this.isClosed = true
    await this.connection?.close()
  }
}

const isMessage = (value: object): value is JSONRPCMessage =>
  isJSONRPCRequest(value) || isJSONRPCNotification(value) || isJSONRPCResultResponse(value) || isJSONRPCErrorResponse(value)
