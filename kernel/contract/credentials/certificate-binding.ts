import { createHash } from 'node:crypto'
import type { Origin } from '../operation.js'
import { CredentialRefused } from './credential-errors.js'
import type { Claims } from './token-claims.js'

/**
 * The certificate that a token is bound to, by its thumbprint (`cnf` with `x5t#S256`, RFC 8705 §3.1); undefined where it is
 * bound to nothing. A token that is bound to something else would be taken for one that anybody may use, so it is refused.
 * Throws `CREDENTIAL_REFUSED`.
 */
export function boundCertificate (claims: Claims, credential: string): string | undefined {
  const { cnf } = claims
  if (cnf === undefined) return undefined
  if (typeof cnf === 'object' && cnf !== null && !Array.isArray(cnf)) {
    const [[name, thumbprint] = [], ...others] = Object.entries(cnf)
    if (name === 'x5t#S256' && typeof thumbprint === 'string' && others.length === 0) return thumbprint
  }
  throw CredentialRefused({ credential, because: 'it is bound to something other than a certificate' })
}

/**
 * Refuses a token that is bound to another certificate than the caller showed: RFC 8705 §3. With `isRequired` one that is bound to none
 * as well. Throws `CREDENTIAL_REFUSED`.
 */
export function checkBinding (bound: string | undefined, origin: Origin, isRequired: boolean, credential: string): void {
  const refuse = (because: string): never => { throw CredentialRefused({ credential, because }) }
  if (bound === undefined) {
    if (isRequired) refuse('it is not bound to a certificate')
    return
  }
  if (origin.certificate === undefined) return refuse('it is bound to a certificate, and the caller showed none')
  const shown = createHash('sha256').update(origin.certificate).digest('base64url')
  if (shown !== bound) refuse('it is bound to another certificate than the caller showed')
}
