import { StreamableHTTPClientTransport, type AuthProvider } from '@modelcontextprotocol/client'
import { boundedFetch } from './bounded-fetch.js'

/** Where a server is that runs elsewhere. */
export interface ServerAddress {
  readonly url: URL
  /** Sent with each request, credentials among them; never to another origin. */
  readonly headers: Readonly<Record<string, string>>
  /** Has tokens for it; undefined: it needs none. */
  readonly tokens: AuthProvider | undefined
  /** Largest message that it may send, in bytes. */
  readonly largestMessage: number
}

/** Speaks streamable HTTP. A redirect is followed only where it stays with the server that the operator named. */
export const httpTransport = ({ url, headers, tokens, largestMessage }: ServerAddress): StreamableHTTPClientTransport =>
  new StreamableHTTPClientTransport(url, {
    requestInit: { headers: { ...headers } }, redirectPolicy: 'same-origin',
    fetch: boundedFetch(largestMessage), ...tokens === undefined ? {} : { authProvider: tokens },
  })
