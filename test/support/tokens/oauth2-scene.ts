import { CredentialRefused, Secret, type Claims, type Web, type WebAnswer, type WebRequest } from '../../../kernel/contract/index.js'
import { AskedTokens } from '../../../plugins/auth-oauth2/asked-tokens.js'
import type { AuthOauth2Config } from '../../../plugins/auth-oauth2/auth-oauth2-config.js'
import { IntrospectionEndpoint } from '../../../plugins/auth-oauth2/introspection-endpoint.js'
import { settled, VirtualClock } from '../virtual-clock.js'

/** How the tests' server is known to its provider. */
export const OAUTH2: AuthOauth2Config = {
  introspection_url: new URL('https://id.test/introspect'), client_id: 'server', client_secret: new Secret('server-secret'),
  client_auth: 'basic', ca_file: undefined, audience: ['caxton'], issuer: undefined, jwt: false, certificate: 'if-bound',
  clock_skew: 30_000,
  cache_time: 30_000, negative_cache_time: 10_000, cache_entries: 100, max_questions: 3, max_token: 4096, timeout: 5000, retry: 1000,
  name_claim: 'sub', role_claims: ['scope'], roles: { operator: { values: ['deploy'] } }, default_roles: [],
}

/** A provider that answers as a test has it answer, at once or when it is told to. */
export class ProviderStub implements Web {
  readonly asked: WebRequest[] = []
  answer: (token: string) => WebAnswer = token => ({ status: 200, body: JSON.stringify({ active: true, sub: token, aud: 'caxton' }) })
  down: string | undefined
  #waiting: Array<() => void> | undefined

  async ask (request: WebRequest, signal: AbortSignal): Promise<WebAnswer> {
    this.asked.push(request)
    const waiting = this.#waiting
    if (waiting !== undefined) {
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve)
        signal.addEventListener('abort', () => { reject(new Error('called off')) }, { once: true })
      })
    }
    if (this.down !== undefined) throw new Error(this.down)
    return this.answer(new URLSearchParams(String(request.body)).get('token') ?? '')
  }

  /** From now on answers wait for {@link release}. */
  hold (): void {
    this.#waiting = []
  }

  async release (): Promise<void> {
    for (const go of this.#waiting?.splice(0) ?? []) go()
    this.#waiting = undefined
    await settled()
  }
}

/** What was asked of a provider, on a clock that tests turn. What is remembered of a token is its `sub`. */
export class Oauth2Scene {
  readonly clock = new VirtualClock()
  readonly provider = new ProviderStub()
  readonly events: string[] = []
  readonly tokens: AskedTokens<string>

  constructor (keys: Partial<AuthOauth2Config> = {}) {
    const config = { ...OAUTH2, ...keys }
    const events = { note: ({ what }: { readonly what: string }) => { this.events.push(what) } }
    this.tokens = new AskedTokens(new IntrospectionEndpoint(config, this.provider), subjectOf, config, this.clock, events)
  }

  /** What comes of a token: its subject, or the code and the reason of its refusal. */
  async find (token: string, signal: AbortSignal = new AbortController().signal): Promise<string> {
    try {
      return await this.tokens.find(token, signal)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}

function subjectOf (claims: Claims | undefined): string {
  if (typeof claims?.['sub'] === 'string') return claims['sub']
  throw CredentialRefused({ credential: 'it', because: claims === undefined ? 'unknown' : 'nobody\'s' })
}
