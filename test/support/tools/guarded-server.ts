import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server'

const METADATA = '/.well-known/oauth-protected-resource/mcp'

/** A tool server over HTTP that takes requests only with a token which was made for it, and says where to get one (RFC 9728). */
export class GuardedServer {
  /** Tokens that it was shown, each once. */
  readonly shown = new Set<string>()
  /** Where it sends for a token; the server itself when undefined. */
  sendsTo: string | undefined
  private readonly server: Server
  private readonly handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'guarded', version: '1.0.0' })
    server.registerTool('hello', { description: 'Says hello.', inputSchema: fromJsonSchema({ type: 'object' }) }, async () =>
      ({ content: [{ type: 'text', text: 'hello' }] }))
    return server
  })

  constructor (private readonly issuer: string, private readonly isGood: (token: string, resource: string) => Promise<boolean>) {
    this.server = createServer((request, response) => { void this.answer(request, response) })
  }

  get url (): URL {
    return new URL(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/mcp`)
  }

  async start (): Promise<void> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
  }

  async stop (): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => { this.server.close(resolve) })
  }

  private async answer (request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === METADATA) {
      const metadata = { resource: this.url.href, authorization_servers: [this.issuer], scopes_supported: ['deploy'] }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata))
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (token !== '') this.shown.add(token)
    if (!await this.isGood(token, this.url.href)) {
      const metadata = this.sendsTo ?? new URL(METADATA, this.url).href
      response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${metadata}", scope="deploy"` }).end()
      return
    }
    const came = await this.handler.fetch(new Request(this.url, {
      method: request.method ?? 'POST', headers: request.headers as Record<string, string>,
      ...chunks.length === 0 ? {} : { body: Buffer.concat(chunks) },
    }))
    response.writeHead(came.status, Object.fromEntries(came.headers))
    if (came.body === null) response.end()
    else pipeline(Readable.fromWeb(came.body), response, () => {})
  }
}
