import { CredentialRefused } from './credential-errors.js'

/** What a token says, as its issuer wrote it: nothing of it is known to be of any type. */
export type Claims = Readonly<Record<string, unknown>>

/** Seconds since the Unix epoch between which a token is good (RFC 7519 §4.1.4 to §4.1.6, RFC 7662 §2.2). */
export interface TokenTimes {
  readonly exp: number | undefined
  readonly nbf: number | undefined
  readonly iat: number | undefined
}

/** Reads the times of a token. `credential` names the token in errors. Throws `CREDENTIAL_REFUSED`. */
export function timesOf (claims: Claims, credential: string): TokenTimes {
  const seconds = (name: 'exp' | 'nbf' | 'iat'): number | undefined => {
    const value = claims[name]
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw CredentialRefused({ credential, because: `"${name}" is not a number` })
  }
  return { exp: seconds('exp'), nbf: seconds('nbf'), iat: seconds('iat') }
}

/**
 * Refuses a token before or after its time. `now` is in milliseconds since the Unix epoch, `skew` the milliseconds by which the
 * issuer's clock may be wrong. At `exp` itself a token is over, at `nbf` it is good. Throws `CREDENTIAL_REFUSED`.
 */
export function checkTimes ({ exp, nbf, iat }: TokenTimes, now: number, skew: number, credential: string): void {
  const refuse = (because: string): never => { throw CredentialRefused({ credential, because }) }
  if (exp !== undefined && now >= exp * 1000 + skew) refuse(`it expired ${ago(now - exp * 1000)} ago`)
  if (nbf !== undefined && now < nbf * 1000 - skew) refuse(`it is not valid before ${ago(nbf * 1000 - now)} from now`)
  if (iat !== undefined && now < iat * 1000 - skew) refuse(`it was issued ${ago(iat * 1000 - now)} in the future`)
}

/** Refuses a token that is for none of `expected`: RFC 7519 §4.1.3. Throws `CREDENTIAL_REFUSED`. */
export function checkAudience (claims: Claims, expected: readonly string[], credential: string): void {
  const { aud } = claims
  const given: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (given.some(audience => typeof audience === 'string' && expected.includes(audience))) return
  throw CredentialRefused({ credential, because: aud === undefined ? 'it has no audience' : 'it is for another audience' })
}

const ago = (milliseconds: number): string => `${Math.ceil(milliseconds / 1000)} s`
