import { fromJsonSchema, InMemoryTransport, McpServer } from '@modelcontextprotocol/server'
import type { ToolServer } from '../../../kernel/contract/index.js'

/** A server of the SDK with the three tools that the kit for tools needs: `echo`, `failing`, `endless`. */
function labServer (): McpServer {
  const server = new McpServer({ name: 'lab', version: '1.0.0' })
  const inputSchema = fromJsonSchema<{ readonly text?: string }>({ type: 'object', properties: { text: { type: 'string' } } })
  const register = (name: string, text: (given: { readonly text?: string }) => Promise<string>, isError = false): void => {
    server.registerTool(name, { description: name, inputSchema }, async given =>
      ({ content: [{ type: 'text', text: await text(given) }], isError }))
  }
  register('echo', async given => given.text ?? '')
  register('failing', async () => 'it broke', true)
  register('endless', () => new Promise(() => {}))
  return server
}

/** The same inside this process, as a plugin would give it. */
export const labToolServer: ToolServer = {
  async connect () {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const ready = labServer().connect(theirs).then(() => ours.start())
    return {
      send: async message => {
        await ready
        await ours.send(message as Parameters<typeof ours.send>[0])
      },
      onMessage: take => { ours.onmessage = take },
      onClose: ended => { ours.onclose = ended },
      close: () => ours.close(),
    }
  },
}
