import { parseJSONRPCMessage, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server'
import type { ToolServerConnection } from '../../../kernel/contract/index.js'

/** A pipe within this process: the host has one end, the MCP server the other. Messages arrive in order, in a later turn. */
export class InProcessPipe {
  #isClosed = false
  #take: ((message: object) => void) | undefined
  #ended: (() => void) | undefined

  /** The server's end. */
  readonly transport: Transport = {
    start: () => Promise.resolve(),
    send: message => this.#deliver(() => { this.#take?.(message) }),
    close: () => this.#close(),
  }

  /** The host's end. */
  readonly connection: ToolServerConnection = {
    send: message => {
      const parsed = readMessage(message)
      return this.#deliver(() => {
        if (parsed === undefined) this.transport.onerror?.(new Error('a message is no JSON-RPC message'))
        else this.transport.onmessage?.(parsed)
      })
    },
    onMessage: take => { this.#take = take },
    onClose: ended => { this.#ended = ended },
    close: () => this.#close(),
  }

  #deliver (arrive: () => void): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('the connection to the state tool is closed'))
    queueMicrotask(() => { if (!this.#isClosed) arrive() })
    return Promise.resolve()
  }

  #close (): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    this.#isClosed = true
    this.transport.onclose?.()
    this.#ended?.()
    return Promise.resolve()
  }
}

function readMessage (message: object): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(message)
  } catch {
    return undefined
  }
}
