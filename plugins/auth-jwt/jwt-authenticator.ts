import {
  bearerOf, checkBinding, ClockToken, HttpsWeb, inject, injectable, PluginConfig, PluginContextToken, ProofCache,
  SecurityEventsToken, type Authenticator, type Clock, type Health, type Origin, type PluginContext, type PluginLife, type Principal,
  type SecurityEvents, type Web,
} from '../../kernel/contract/index.js'
import type { AuthJwtConfig, IssuerKeys } from './auth-jwt-config.js'
import { JwtIssuerMisconfigured, JwtKeysUnusable } from './auth-jwt-errors.js'
import { issuerIn, readToken } from './compact-token.js'
import { checkIssuer } from './issuer-check.js'
import { PublicKeyRing, SharedSecret, type IssuerKeyRing } from './issuer-key-ring.js'
import { FileKeySource, LARGEST_KEY_SET, textIn, WebKeySource } from './key-source.js'
import { TokenIssuer, type TokenProof } from './token-issuer.js'

/**
 * Knows callers by signed tokens. A bearer that is no JWT, or whose `iss` is none of the configured issuers, is somebody else's; one of a
 * known issuer is this plugin's to accept or refuse.
 */
@injectable()
export class JwtAuthenticator implements Authenticator, PluginLife {
  readonly #issuers = new Map<string, TokenIssuer>()
  readonly #rings: PublicKeyRing[] = []
  readonly #proofs: ProofCache<TokenProof>

  constructor (
    @inject(ClockToken) private readonly clock: Clock,
    @inject(PluginConfig) private readonly config: AuthJwtConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
    @inject(SecurityEventsToken) private readonly events: SecurityEvents,
  ) {
    this.#proofs = new ProofCache(config.cache_entries)
  }

  async start (): Promise<void> {
    const names = Object.keys(this.config.issuers)
    if (names.length === 0) throw this.#misconfigured('issuers', 'there is none, so that nobody could come in')
    for (const name of names) await this.#addIssuer(name)
    await Promise.all(this.#rings.map(ring => ring.start()))
    this.#checkFiles()
  }

  async stop (): Promise<void> {
    await Promise.all(this.#rings.map(ring => ring.stop()))
    this.#proofs.clear()
  }

  health (): Health {
    const troubled = [...this.#issuers.values()].flatMap(({ keys, ring }) => {
      const trouble = ring.trouble()
      return trouble === undefined ? [] : [`the keys of ${keys.issuer} can not be read: ${trouble}`]
    })
    return troubled.length === 0 ? { state: 'ready' } : { state: 'degraded', detail: troubled.join('; ') }
  }

  async authenticate (origin: Origin, signal: AbortSignal): Promise<Principal | undefined> {
    const token = bearerOf(origin)
    if (token === undefined) return undefined
    const proof = this.#remembered(token) ?? await this.#prove(token, signal)
    if (proof === undefined) return undefined
    const { keys, credential } = proof.issuer
    checkBinding(proof.bound, origin, keys.certificate === 'required', credential)
    return proof.principal
  }

  #remembered (token: string): TokenProof | undefined {
    const proof = this.#proofs.get(token, this.clock.now())
    if (proof === undefined || proof.generation !== proof.issuer.ring.generation) return undefined
    proof.issuer.checkNow(proof)
    return proof
  }

  async #prove (token: string, signal: AbortSignal): Promise<TokenProof | undefined> {
    const issuer = this.#issuers.get(issuerIn(token) ?? '')
    if (issuer === undefined) return undefined
    const proof = await issuer.verify(readToken(token, this.config.max_token, issuer.credential), signal)
    this.#proofs.keep(token, proof, proof.until)
    return proof
  }

  async #addIssuer (name: string): Promise<void> {
    const keys = this.config.issuers[name]
    if (keys === undefined) return
    checkIssuer(this.#path(`issuers.${name}`), keys)
    if (this.#issuers.has(keys.issuer)) throw this.#misconfigured(`issuers.${name}`, 'another one has the same issuer')
    const ring = await this.#ringOf(keys)
    this.#issuers.set(keys.issuer, new TokenIssuer(name, keys, ring, this.clock, this.context.instance))
  }

  async #ringOf (keys: IssuerKeys): Promise<IssuerKeyRing> {
    if (keys.secret !== undefined) return new SharedSecret(Buffer.from(keys.secret.reveal()))
    const source = keys.jwks_url === undefined
      ? new FileKeySource(keys.key_file ?? '')
      : new WebKeySource(keys.jwks_url, await this.#webFor(keys.ca_file))
    const terms = { refresh: keys.keys_refresh, keep: keys.keys_keep, retry: keys.keys_retry }
    const ring = new PublicKeyRing(source, terms, this.clock, this.events)
    this.#rings.push(ring)
    return ring
  }

  async #webFor (file: string | undefined): Promise<Web> {
    const trust = file === undefined ? undefined : await textIn(file).catch((error: unknown) => {
      throw JwtKeysUnusable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
    })
    return new HttpsWeb({ timeout: this.config.timeout, largest: LARGEST_KEY_SET, trust }, this.clock)
  }

  /** An issuer that can't be reached may come back by itself; a file is the operator's to put right. */
  #checkFiles (): void {
    for (const { keys: { key_file: file }, ring } of this.#issuers.values()) {
      const reason = ring.trouble()
      if (file !== undefined && reason !== undefined) throw JwtKeysUnusable({ file, reason })
    }
  }

  #misconfigured (key: string, complaint: string): Error {
    return JwtIssuerMisconfigured({ path: this.#path(key), complaint })
  }

  #path (key: string): string {
    return `plugins.${this.context.instance}.${key}`
  }
}
