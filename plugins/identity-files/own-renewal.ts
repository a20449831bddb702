import type { Clock } from '../../kernel/contract/index.js'
import { AuthorityUnusable, CertificateNotRenewable } from './certificate-errors.js'
import type { CredentialPaths } from './credential-files.js'
import { readCertificates } from './certificate-file.js'
import type { MadeCertificate } from './certificate-maker.js'
import { writeMade } from './made-files.js'
import { readAuthority } from './signing-authority.js'

/** Wait after a renewal that failed, in milliseconds. */
const PAUSE = 10 * 60_000

/** When, and with what, a node renews its own certificate. */
export interface RenewalRules {
  readonly authorityKey: string
  /** Milliseconds before the end. */
  readonly before: number
}

/** Renews this node's certificate before it ends, with a new key, from an authority whose key is at hand. */
export class OwnRenewal {
  #notBefore = -Infinity

  constructor (private readonly clock: Clock, private readonly paths: CredentialPaths, private readonly rules: RenewalRules) {}

  /** Whether a certificate with these dates is to be renewed now: the time before its end has come, or only a third of its life is left. */
  isDue (from: number, until: number): boolean {
    if (this.clock.elapsed() < this.#notBefore) return false
    return until - this.clock.now() <= Math.min(this.rules.before, (until - from) / 3)
  }

  /** Puts the new key and certificate in the place of the old ones. Throws what reading an authority and writing files throw. */
  async renew (): Promise<MadeCertificate> {
    this.#notBefore = this.clock.elapsed() + PAUSE
    const { chain, key, trust } = this.paths
    // Not imported before: it is large, and few nodes have the key.
    const { holderOf, makeCertificate } = await import('./certificate-maker.js')
    const [old] = await readCertificates(chain)
    const holder = holderOf(old.toString())
    if (holder === undefined) throw CertificateNotRenewable({ file: chain, reason: 'it is not of the kind that is made here' })
    const now = this.clock.now()
    const authority = await readAuthority(trust, this.rules.authorityKey, now)
    const life = Date.parse(old.validTo) - Date.parse(old.validFrom)
    const made = await makeCertificate(holder, now + life, now, authority)
    if (made.until <= Date.parse(old.validTo)) {
      throw AuthorityUnusable({ file: trust, reason: 'it ends too soon to sign a certificate that lasts longer than the old one' })
    }
    await writeMade(made, { certificate: chain, key }, true)
    return made
  }
}
