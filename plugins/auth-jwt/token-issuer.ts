import { compactVerify, errors, type CryptoKey } from 'jose'
import {
  boundCertificate, checkAudience, checkTimes, ClaimPrincipals, CredentialRefused, timesOf,
  type Clock, type Principal, type TokenTimes,
} from '../../kernel/contract/index.js'
import type { IssuerKeys } from './auth-jwt-config.js'
import type { CompactToken } from './compact-token.js'
import type { IssuerKeyRing } from './issuer-key-ring.js'

/** What a verified token has proven. */
export interface TokenProof {
  readonly issuer: TokenIssuer
  readonly principal: Principal
  /** Thumbprint of the certificate that the token is bound to. */
  readonly bound: string | undefined
  readonly times: TokenTimes
  /** Milliseconds since the Unix epoch after which the token is over. */
  readonly until: number
  /** Of the keys that have proven it. */
  readonly generation: number
}

/** Checks the tokens of one issuer: RFC 8725, RFC 9068 §4. */
export class TokenIssuer {
  /** Names a token in errors: `the token of "corporate"`. */
  readonly credential: string
  private readonly principals: ClaimPrincipals

  constructor (
    name: string,
    readonly keys: IssuerKeys,
    readonly ring: IssuerKeyRing,
    private readonly clock: Clock,
    instance: string,
  ) {
    this.credential = `the token of "${name}"`
    const prefix = `${instance === 'auth-jwt' ? 'jwt' : instance}:${name}/`
    this.principals = new ClaimPrincipals(keys, prefix, instance, this.credential)
  }

  /** Throws `CREDENTIAL_REFUSED`. */
  async verify (token: CompactToken, signal: AbortSignal): Promise<TokenProof> {
    this.checkHeader(token)
    const { generation } = this.ring
    await this.checkSignature(token, signal)
    const { claims } = token
    const times = timesOf(claims, this.credential)
    if (claims['iss'] !== this.keys.issuer) this.refuse('it is from another issuer')
    checkAudience(claims, this.keys.audience, this.credential)
    const until = this.endOf(times)
    const bound = boundCertificate(claims, this.credential)
    const proof = { issuer: this, principal: this.principals.principalOf(claims), bound, times, until, generation }
    this.checkNow(proof)
    return proof
  }

  /** Whether a token that was verified before would be so again, as far as time and keys go. Throws `CREDENTIAL_REFUSED`. */
  checkNow ({ times, until }: TokenProof): void {
    const now = this.clock.now()
    checkTimes(times, now, this.keys.clock_skew, this.credential)
    if (now >= until) this.refuse('it is older than it may be')
    const doubt = this.ring.doubt()
    if (doubt !== undefined) this.refuse(doubt)
  }

  private checkHeader ({ alg, typ }: CompactToken): void {
    if (!this.keys.algorithms.some(allowed => allowed === alg)) this.refuse('it is signed with an algorithm that is not allowed')
    const type = typ?.toLowerCase().replace(/^application\//, '')
    const isFine = type === 'at+jwt' || (this.keys.type === 'jwt' && (type === undefined || type === 'jwt'))
    if (!isFine) this.refuse(type === undefined ? 'its header names no type' : 'it is of another type')
  }

  private async checkSignature ({ text, alg, kid }: CompactToken, signal: AbortSignal): Promise<void> {
    const keys = await this.ring.keysFor(alg, kid, signal)
    if (keys.length === 0) this.refuse(this.ring.doubt() ?? 'it is signed with a key that the issuer does not have')
    for (const key of keys) {
      if (await isSignedBy(text, key, alg)) return
    }
    this.refuse('its signature is wrong')
  }

  /** When the token is over, the skew included. */
  private endOf ({ exp, iat }: TokenTimes): number {
    const { clock_skew: skew, max_age: longest } = this.keys
    if (exp === undefined) return this.refuse('it never expires')
    if (longest === undefined) return exp * 1000 + skew
    return iat === undefined
      ? this.refuse('it does not say when it was issued')
      : Math.min(exp * 1000, iat * 1000 + longest) + skew
  }

  private refuse (because: string): never {
    throw CredentialRefused({ credential: this.credential, because })
  }
}

async function isSignedBy (token: string, key: CryptoKey | Uint8Array, algorithm: string): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] })
    return true
  } catch (error) {
    // A key that does not fit the algorithm is a TypeError, not one of the library's own.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return false
    throw error
  }
}
