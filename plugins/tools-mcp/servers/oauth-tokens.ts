import { auth, ClientCredentialsProvider, extractWWWAuthenticateParams, type AuthProvider } from '@modelcontextprotocol/client'
import { within, type Clock, type Secret } from '../../../kernel/contract/index.js'

/** How Caxton proves who it is to an authorization server. */
export interface OauthClient {
  /** The authorization server. No other one gets the secret. */
  readonly issuer: string
  readonly id: string
  readonly secret: Secret
  /** What is asked for; empty: what the tool server says that it needs. */
  readonly scopes: readonly string[]
}

/** What {@link OauthTokens} works with. */
export interface OauthParts {
  readonly client: OauthClient
  /** The tool server. */
  readonly url: URL
  readonly clock: Clock
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>
}

/** How long it may take to get a token, in milliseconds. */
const PATIENCE = 20_000
/** A token is renewed so long before it ends, or at a tenth of its life before. */
const EARLY = 60_000
const EARLY_PART = 10

/**
 * Tokens for one tool server by client credentials (MCP 2026-07-28, authorization): where they come from is found out when the tool server
 * refuses a request without one (RFC 9728, RFC 8414), they are asked for this tool server alone (RFC 8707), and kept until they end.
 */
export class OauthTokens implements AuthProvider {
  private readonly provider: ClientCredentialsProvider
  private asking: Promise<void> | undefined
  /** What the tool server said of itself when it refused a request. */
  private said: Pick<ReturnType<typeof extractWWWAuthenticateParams>, 'resourceMetadataUrl' | 'scope'> = {}
  /** By the clock that never goes back. */
  private renewAt = Infinity
  private endsAt = Infinity

  constructor (private readonly parts: OauthParts) {
    const { issuer, id, secret } = parts.client
    this.provider = new ClientCredentialsProvider({
      clientId: id, clientSecret: secret.reveal(), expectedIssuer: issuer, clientName: 'caxton',
    })
  }

  /** The token for the next request; undefined before the tool server has asked for one. */
  async token (): Promise<string | undefined> {
    const now = this.parts.clock.elapsed()
    if (now >= this.renewAt) {
      await this.ask().catch((error: unknown) => {
        if (now >= this.endsAt) throw error
      })
    }
    return this.provider.tokens()?.access_token
  }

  async onUnauthorized ({ response }: { readonly response: Response }): Promise<void> {
    this.said = extractWWWAuthenticateParams(response)
    await this.ask()
  }

  /** Gets another token, once however many requests wait for it. */
  private ask (): Promise<void> {
    this.asking ??= this.askNow().finally(() => { this.asking = undefined })
    return this.asking
  }

  private async askNow (): Promise<void> {
    const { url, clock, client: { scopes } } = this.parts
    const scope = scopes.length > 0 ? scopes.join(' ') : this.said.scope
    await within(clock, PATIENCE, undefined, signal => auth(this.provider, {
      serverUrl: url, fetchFn: (to, init) => this.fetch(new URL(to), init, signal),
      ...this.said.resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl: this.said.resourceMetadataUrl },
      ...scope === undefined ? {} : { scope },
    }))
    const life = this.provider.tokens()?.expires_in
    const now = clock.elapsed()
    this.endsAt = life === undefined ? Infinity : now + life * 1_000
    this.renewAt = life === undefined ? Infinity : this.endsAt - Math.min(EARLY, life * 1_000 / EARLY_PART)
  }

  /** A tool server must not have this one look around in the operator's network: what is read is read from itself and the issuer. */
  private async fetch (url: URL, init: RequestInit | undefined, signal: AbortSignal): Promise<Response> {
    const { url: server, client: { issuer }, fetch } = this.parts
    if ((init?.method ?? 'GET') === 'GET' && url.origin !== server.origin && url.origin !== new URL(issuer).origin) {
      throw new Error(`it sends for a token to ${url.origin}, which is neither itself nor the issuer ${issuer}`)
    }
    return fetch(url, { ...init, signal, redirect: 'error' })
  }
}
