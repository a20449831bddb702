import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers on loopback for the tokens that it is given, and never for those called slow. */
export class IntrospectionServer {
  readonly #server: Server

  private constructor (tokens: Readonly<Record<string, object>>) {
    this.#server = createServer((request, response) => {
      let body = ''
      request.on('data', chunk => { body += String(chunk) })
      request.on('end', () => {
        const token = new URLSearchParams(body).get('token') ?? ''
        if (!token.startsWith('slow')) response.end(JSON.stringify(Object.hasOwn(tokens, token) ? tokens[token] : { active: false }))
      })
    })
  }

  static async open (tokens: Readonly<Record<string, object>>): Promise<IntrospectionServer> {
    const opened = new IntrospectionServer(tokens)
    opened.#server.listen(0, '127.0.0.1')
    await once(opened.#server, 'listening')
    return opened
  }

  get url (): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/introspect`)
  }

  async close (): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => { this.#server.close(resolve) })
  }
}
