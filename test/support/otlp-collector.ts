import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { checkOtlp } from './otlp-shapes.js'

/** What a collector was sent. */
export interface CollectorRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
  /** What is wrong with its shape; empty when nothing is. */
  readonly problem: string
}

/** A collector on a port of its own, which checks all that it gets against the specification. */
export class OtlpCollector {
  readonly requests: CollectorRequest[] = []
  /** Status and headers of the next answers; 200 when there are no more. */
  readonly answers: Array<{ readonly status: number, readonly headers?: Readonly<Record<string, string>> }> = []

  private constructor (private readonly server: Server, readonly endpoint: URL) {}

  /** `ca`: who signed the certificates of those that it takes anything from; left out: it asks nobody for one. */
  static async start (tls?: { readonly key: string, readonly cert: string, readonly ca?: string }): Promise<OtlpCollector> {
    const take = (request: IncomingMessage, response: ServerResponse): void => { void collector.#take(request, response) }
    const server = tls === undefined ? createHttpServer(take)
      : createHttpsServer({ ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: true }, take)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const collector = new OtlpCollector(server, new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`))
    return collector
  }

  of (path: string): CollectorRequest[] {
    return this.requests.filter(request => request.path === path)
  }

  async stop (): Promise<void> {
    await new Promise(resolve => this.server.close(resolve))
  }

  async #take (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const json = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
    const body: unknown = JSON.parse(json.toString('utf8'))
    const path = request.url ?? ''
    this.requests.push({ path, headers: request.headers, body, problem: problemOf(path, body) })
    const { status, headers = {} } = this.answers.shift() ?? { status: 200 }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}')
  }
}

function problemOf (path: string, body: unknown): string {
  try {
    checkOtlp(path, body)
    return ''
  } catch (error) {
    return String(error)
  }
}
