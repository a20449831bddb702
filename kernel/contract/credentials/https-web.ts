import type { IncomingMessage, RequestOptions } from 'node:http'
import { within } from '../bounded-wait.js'
import type { Clock } from '../clock.js'
import type { Web, WebAnswer, WebRequest } from './web.js'

/** What {@link HttpsWeb} needs to know. */
export interface WebTerms {
  /** Longest time for a whole answer, in milliseconds. */
  readonly timeout: number
  /** Most bytes of an answer. */
  readonly largest: number
  /** Certificates in PEM that are trusted instead of those that Node brings. */
  readonly trust?: string | undefined
  /** Shown to whoever wants to know who asks: a certificate with its chain, and its key, both in PEM. */
  readonly client?: { readonly certificate: string, readonly key: string } | undefined
}

/**
 * Asks over HTTPS, and over plain HTTP where the URL says so. Every answer is bounded in time and size, and each has a
 * connection of its own, so that nothing is left open.
 */
export class HttpsWeb implements Web {
  constructor (private readonly terms: WebTerms, private readonly clock: Clock) {}

  async ask (request: WebRequest, signal: AbortSignal): Promise<WebAnswer> {
    return await within(this.clock, this.terms.timeout, signal, ending => this.answer(request, ending))
  }

  private async answer ({ method, url, headers, body }: WebRequest, signal: AbortSignal): Promise<WebAnswer> {
    const { trust, client } = this.terms
    const open = url.protocol === 'https:' ? (await import('node:https')).request : (await import('node:http')).request
    const options: RequestOptions & { ca?: string, cert?: string, key?: string, minVersion: 'TLSv1.2' } = {
      method, signal, agent: false, minVersion: 'TLSv1.2',
      headers: {
        'accept': 'application/json', 'accept-encoding': 'identity', ...headers,
        ...body === undefined ? {} : { 'content-length': Buffer.byteLength(body) },
      },
      ...trust === undefined ? {} : { ca: trust }, ...client === undefined ? {} : { cert: client.certificate, key: client.key },
    }
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = open(url, options, resolve)
      sent.on('error', reject)
      sent.end(body)
    })
    const single = Object.entries(message.headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    return { status: message.statusCode ?? 0, body: await this.bodyOf(message), headers: Object.fromEntries(single) }
  }

  private async bodyOf (message: IncomingMessage): Promise<string> {
    const { largest } = this.terms
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of message) {
      if (!(chunk instanceof Uint8Array)) continue
      size += chunk.byteLength
      // Leaving the loop destroys the connection.
      if (size > largest) throw new Error(`the answer has more than ${largest} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  }
}
