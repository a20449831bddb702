import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Clock, Timer } from '../../kernel/contract/index.js'
import { takesGzip } from './media-choice.js'
import { plainPage, type Page, type Visit } from './page.js'

/** What is shorter is not worth compressing, in characters. */
const SHORT = 1_024

const compressed = promisify(gzip)

/** How long things may take, in milliseconds, and how much there may be. */
export interface VisitTerms {
  readonly requestTimeout: number
  readonly idleTimeout: number
  readonly maxRequests: number
  readonly maxHeaders: number
}

/**
 * HTTP/1.1 for sockets that were accepted elsewhere: answers GET and HEAD, takes no bodies. Bounds of time are kept here, because
 * those of `node:http` hold only for ports that it opened itself.
 */
export class VisitServer {
  private readonly server: Server
  private readonly timers = new Map<Socket, Timer>()
  private open = 0

  /** `answer` gets each request, and whatever it rejects with is its own to turn into a page. */
  constructor (
    private readonly answer: (visit: Visit) => Promise<Page>, private readonly terms: VisitTerms, private readonly clock: Clock,
  ) {
    this.server = createServer({ maxHeaderSize: terms.maxHeaders, keepAliveTimeout: 0 }, (request, response) => {
      this.serve(request, response).catch(() => { request.socket.destroy() })
    })
  }

  accept (socket: Socket): void {
    socket.on('error', () => { socket.destroy() })
    socket.once('close', () => {
      this.timers.get(socket)?.cancel()
      this.timers.delete(socket)
    })
    this.limit(socket, this.terms.requestTimeout)
    this.server.emit('connection', socket)
  }

  /** Ends every connection. */
  close (): void {
    for (const socket of this.timers.keys()) socket.destroy()
  }

  private limit (socket: Socket, milliseconds: number): void {
    this.timers.get(socket)?.cancel()
    if (!socket.destroyed) this.timers.set(socket, this.clock.after(milliseconds, () => { socket.destroy() }))
  }

  private async serve (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request
    const gone = new AbortController()
    this.limit(socket, this.terms.requestTimeout)
    this.open += 1
    response.once('close', () => {
      this.open -= 1
      gone.abort()
      this.limit(socket, this.terms.idleTimeout)
    })
    // Its bytes would be taken for the next request.
    if (hasBody(request)) response.shouldKeepAlive = false
    await write(this.objection(request) ?? await this.answer(visitOf(request, gone.signal)), request, response)
  }

  private objection ({ method = '' }: IncomingMessage): Page | undefined {
    if (method !== 'GET' && method !== 'HEAD') return plainPage(405, 'pages can only be read', { allow: 'GET, HEAD' })
    if (this.open > this.terms.maxRequests) return plainPage(503, 'too many requests at once; come again', { 'retry-after': '1' })
    return undefined
  }
}

async function write ({ status, type, text, headers }: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const packs = text.length > SHORT && takesGzip(single(request.headers['accept-encoding']))
  const body = packs ? await compressed(text) : Buffer.from(text)
  if (response.destroyed) return
  response.writeHead(status, {
    'content-type': type, 'content-length': body.byteLength, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff',
    ...packs ? { 'content-encoding': 'gzip' } : {}, ...headers,
  })
  response.end(body)
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

function visitOf ({ url = '/', headers, socket }: IncomingMessage, signal: AbortSignal): Visit {
  const certificate = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate()?.raw : undefined
  return {
    path: url.split('?', 1)[0] ?? '/',
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, single(value)])),
    address: (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, ''),
    signal,
    ...certificate === undefined ? {} : { certificate: new Uint8Array(certificate) },
  }
}

const single = (value: string | string[] | undefined): string => [value ?? ''].flat().join(', ')
