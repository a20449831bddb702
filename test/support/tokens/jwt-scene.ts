import type { Origin, Principal } from '../../../kernel/contract/index.js'
import type { IssuerKeys } from '../../../plugins/auth-jwt/auth-jwt-config.js'
import { readToken } from '../../../plugins/auth-jwt/compact-token.js'
import { PublicKeyRing, type KeyTerms } from '../../../plugins/auth-jwt/issuer-key-ring.js'
import type { KeySource } from '../../../plugins/auth-jwt/key-source.js'
import { TokenIssuer } from '../../../plugins/auth-jwt/token-issuer.js'
import { VirtualClock } from '../virtual-clock.js'

/** What an issuer of the tests has in the configuration. */
export const ISSUER: IssuerKeys = {
  issuer: 'https://id.test', audience: ['caxton'], jwks_url: undefined, key_file: '/keys', secret: undefined, ca_file: undefined,
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'], type: 'at+jwt', clock_skew: 30_000, max_age: undefined, certificate: 'if-bound',
  keys_refresh: 300_000, keys_keep: 3_600_000, keys_retry: 10_000,
  name_claim: 'sub', role_claims: ['roles'], roles: { operator: { values: ['staff'] } }, default_roles: [],
}

export const TERMS: KeyTerms = { refresh: 300_000, keep: 3_600_000, retry: 10_000 }

/** An issuer's published keys, which tests replace, and which can fail to come. */
export class PublishedKeys implements KeySource {
  readonly place = 'https://id.test/keys'
  readings = 0
  down: string | undefined

  constructor (public text: string) {}

  async read (signal: AbortSignal): Promise<string> {
    this.readings += 1
    signal.throwIfAborted()
    if (this.down !== undefined) throw new Error(this.down)
    return this.text
  }
}

/** One issuer with its keys, on a clock that tests turn. */
export class JwtScene {
  readonly clock = new VirtualClock()
  readonly events: string[] = []
  readonly published: PublishedKeys
  readonly ring: PublicKeyRing
  readonly issuer: TokenIssuer

  constructor (keySet: string, keys: Partial<IssuerKeys> = {}) {
    this.published = new PublishedKeys(keySet)
    this.ring = new PublicKeyRing(this.published, TERMS, this.clock, { note: ({ what }) => { this.events.push(what) } })
    this.issuer = new TokenIssuer('corporate', { ...ISSUER, ...keys }, this.ring, this.clock, 'auth-jwt')
  }

  /** Who a token says it is from, once everything about it was checked. */
  async principalOf (token: string): Promise<Principal> {
    return (await this.issuer.verify(readToken(token, 8192, this.issuer.credential), new AbortController().signal)).principal
  }

  /** Why a token is refused; `accepted` when it is not. */
  async refusal (token: string): Promise<string> {
    try {
      await this.principalOf(token)
      return 'accepted'
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'CREDENTIAL_REFUSED')) throw error
      return error.message.replace(/^.* is refused: /, '')
    }
  }
}

/** Of a caller who waits. */
export const NEVER: AbortSignal = new AbortController().signal

/** A call with a bearer token. */
export const callWith = (token: string, certificate?: Uint8Array): Origin => ({
  face: 'api-grpc', address: '192.0.2.1', headers: new Map([['authorization', `Bearer ${token}`]]),
  ...certificate === undefined ? {} : { certificate },
})
