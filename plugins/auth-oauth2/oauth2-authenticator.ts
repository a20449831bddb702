import { readFile } from 'node:fs/promises'
import {
  bearerOf, boundCertificate, checkAudience, checkBinding, checkTimes, ClaimPrincipals, ClockToken, CredentialRefused, HttpsWeb, inject,
  injectable, PluginConfig, PluginContextToken, SecurityEventsToken, timesOf,
  type Authenticator, type Claims, type Clock, type Health, type Origin, type PluginContext, type PluginLife, type Principal,
  type SecurityEvents, type TokenTimes,
} from '../../kernel/contract/index.js'
import { AskedTokens } from './asked-tokens.js'
import type { AuthOauth2Config } from './auth-oauth2-config.js'
import { Oauth2Misconfigured } from './auth-oauth2-errors.js'
import { isOurs } from './bearer-kind.js'
import { IntrospectionEndpoint, LARGEST_ANSWER } from './introspection-endpoint.js'

/** What the provider said of a token. */
interface TokenProof {
  readonly principal: Principal
  readonly times: TokenTimes
  readonly bound: string | undefined
}

const CREDENTIAL = 'the access token'

/**
 * Knows callers by access tokens that only their issuer can read. Any bearer that is neither an API key nor a signed token is
 * taken for one.
 */
@injectable()
export class Oauth2Authenticator implements Authenticator, PluginLife {
  readonly #principals: ClaimPrincipals
  #tokens: AskedTokens<TokenProof> | undefined

  constructor (
    @inject(ClockToken) private readonly clock: Clock,
    @inject(PluginConfig) private readonly config: AuthOauth2Config,
    @inject(PluginContextToken) private readonly context: PluginContext,
    @inject(SecurityEventsToken) private readonly events: SecurityEvents,
  ) {
    const { instance } = context
    this.#principals = new ClaimPrincipals(config, `${instance === 'auth-oauth2' ? 'oauth2' : instance}:`, instance, CREDENTIAL)
  }

  async start (): Promise<void> {
    const { config } = this
    if (config.client_id === '') throw this.#misconfigured('client_id', 'it is empty')
    if (config.audience.includes('')) throw this.#misconfigured('audience', 'one of its names is empty')
    if (config.jwt && config.issuer === undefined) {
      throw this.#misconfigured('jwt', 'needs `issuer`, to know whose signed tokens to ask about')
    }
    if (config.audience.length === 0) this.context.log.warn('tokens for any audience are accepted, because none is configured')
    const web = new HttpsWeb({ timeout: config.timeout, largest: LARGEST_ANSWER, trust: await this.#trust() }, this.clock)
    this.#tokens = new AskedTokens(new IntrospectionEndpoint(config, web), claims => this.#read(claims), config, this.clock, this.events)
  }

  async stop (): Promise<void> {
    await this.#tokens?.stop()
  }

  health (): Health {
    const trouble = this.#tokens?.trouble()
    if (trouble === undefined) return { state: 'ready' }
    return { state: 'degraded', detail: `${this.config.introspection_url.host} could not be asked about a token: ${trouble}` }
  }

  async authenticate (origin: Origin, signal: AbortSignal): Promise<Principal | undefined> {
    const token = bearerOf(origin)
    if (token === undefined || !isOurs(token, this.config.jwt ? this.config.issuer : undefined)) return undefined
    if (token.length > this.config.max_token) throw refused(`it has ${token.length} bytes, of at most ${this.config.max_token}`)
    const proof = await this.#tokens?.find(token, signal)
    if (proof === undefined) return undefined
    checkTimes(proof.times, this.clock.now(), this.config.clock_skew, CREDENTIAL)
    checkBinding(proof.bound, origin, this.config.certificate === 'required', CREDENTIAL)
    return proof.principal
  }

  /** Throws `CREDENTIAL_REFUSED`. */
  #read (claims: Claims | undefined): TokenProof {
    if (claims === undefined) throw refused('its issuer does not know it, or no longer')
    const { issuer, audience } = this.config
    if (issuer !== undefined && claims['iss'] !== issuer) throw refused('it is from another issuer')
    const { token_type: type } = claims
    // Providers may answer for refresh tokens, too; these have an audience or a type of none.
    const mayLack = audience.length > 0
    const isBearer = type === undefined ? mayLack : typeof type === 'string' && type.toLowerCase() === 'bearer'
    if (!isBearer) throw refused('it is of another type than Bearer')
    if (audience.length > 0) checkAudience(claims, audience, CREDENTIAL)
    return {
      principal: this.#principals.principalOf(claims), times: timesOf(claims, CREDENTIAL), bound: boundCertificate(claims, CREDENTIAL),
    }
  }

  async #trust (): Promise<string | undefined> {
    const { ca_file: file } = this.config
    if (file === undefined) return undefined
    return await readFile(file, 'utf8').catch((error: unknown) => {
      throw this.#misconfigured('ca_file', error instanceof Error ? error.message : String(error))
    })
  }

  #misconfigured (key: string, complaint: string): Error {
    return Oauth2Misconfigured({ path: `plugins.${this.context.instance}.${key}`, complaint })
  }
}

const refused = (because: string): Error => CredentialRefused({ credential: CREDENTIAL, because })
