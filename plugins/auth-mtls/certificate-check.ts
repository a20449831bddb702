import { X509Certificate } from 'node:crypto'
import { CredentialRefused, ProofCache, type Principal } from '../../kernel/contract/index.js'
import { namesOf } from './certificates/certificate-names.js'
import type { ClientAuthorities } from './certificates/client-authorities.js'
import type { NameRules } from './certificates/name-rules.js'

/** Certificates that are remembered until they end. */
const REMEMBERED = 10_000

/** Finds out whose a certificate is. */
export class CertificateCheck {
  private proofs = new ProofCache<Principal>(REMEMBERED)

  constructor (private authorities: ClientAuthorities, private readonly rules: NameRules) {}

  /** From now on these count, also for certificates that were good before. */
  use (authorities: ClientAuthorities): void {
    this.authorities = authorities
    this.proofs = new ProofCache(REMEMBERED)
  }

  /** In DER, `now` in milliseconds since the Unix epoch. Undefined for one of another authority. Throws `CREDENTIAL_REFUSED`. */
  principalOf (der: Uint8Array, now: number): Principal | undefined {
    const text = Buffer.from(der).toString('latin1')
    const known = this.proofs.get(text, now)
    if (known !== undefined) return copyOf(known)
    const certificate = parsed(der)
    const what = `the certificate ${certificate.serialNumber}`
    const verdict = this.authorities.look(certificate, now)
    if (verdict === 'unknown') return undefined
    if ('because' in verdict) throw CredentialRefused({ credential: what, because: verdict.because })
    const principal = this.named(certificate, what)
    this.proofs.keep(text, principal, verdict.until)
    return copyOf(principal)
  }

  private named (certificate: X509Certificate, credential: string): Principal {
    try {
      const principal = this.rules.principalOf(namesOf(certificate))
      if (principal !== undefined) return principal
    } catch (error) {
      throw CredentialRefused({ credential, because: error instanceof Error ? error.message : String(error) })
    }
    throw CredentialRefused({ credential, because: 'no rule fits the names in it' })
  }
}

const copyOf = (principal: Principal): Principal => ({ ...principal, roles: [...principal.roles] })

/** Node's reader passes over what follows a certificate, which is then another one than was shown. */
function parsed (der: Uint8Array): X509Certificate {
  const credential = 'a certificate'
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(der)
  } catch {
    throw CredentialRefused({ credential, because: 'it can\'t be read' })
  }
  if (!certificate.raw.equals(der)) throw CredentialRefused({ credential, because: 'something follows it' })
  return certificate
}
