import { X509Certificate } from 'node:crypto'
import type { Revocations } from '../../../kernel/contract/index.js'

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g
/** RFC 5280 §4.2.1.12: for clients, or for anything. */
const FOR_CLIENTS = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0']
/** A chain that is longer goes in circles. */
const LONGEST_CHAIN = 8

/** What came of looking at a certificate: whose it is not, what is wrong with it, or until when it is good. */
export type CertificateVerdict = 'unknown' | { readonly because: string } | { readonly until: number }

/** The authorities that sign certificates of callers, and what they have revoked. */
export class ClientAuthorities {
  private readonly authorities: readonly X509Certificate[]

  /** Throws an `Error` for a text without certificates in PEM, or with one that is not an authority's. */
  constructor (readonly pem: string, private readonly revocations: Revocations) {
    this.authorities = (pem.match(BLOCK) ?? []).map(block => new X509Certificate(block))
    if (this.authorities.length === 0) throw new Error('there are no certificates in PEM')
    const other = this.authorities.find(({ ca }) => !ca)
    if (other !== undefined) throw new Error(`the certificate of ${JSON.stringify(other.subject)} is not an authority's`)
  }

  /** When the first of the revocation lists ends, in milliseconds since the Unix epoch. */
  get listsUntil (): number {
    return this.revocations.until
  }

  /** `now` in milliseconds since the Unix epoch. */
  look (certificate: X509Certificate, now: number): CertificateVerdict {
    if (!this.authorities.some(({ subject }) => subject === certificate.issuer)) return 'unknown'
    if (certificate.ca) return { because: 'it is an authority\'s' }
    if (certificate.keyUsage?.some(use => FOR_CLIENTS.includes(use)) === false) return { because: 'it is not made for clients' }
    let until = Infinity
    let current = certificate
    for (let links = 0; links < LONGEST_CHAIN; links++) {
      const because = this.objection(current, now)
      if (because !== undefined) return { because: current === certificate ? because : `of an authority above it: ${because}` }
      until = Math.min(until, Date.parse(current.validTo))
      const issuer = this.issuerOf(current)
      if (issuer === undefined) return current === certificate ? { because: 'its authority has not signed it' } : { until }
      if (issuer === current) return { until }
      current = issuer
    }
    return { because: 'too many authorities are above it' }
  }

  private objection (certificate: X509Certificate, now: number): string | undefined {
    const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
    if (Number.isNaN(from) || Number.isNaN(until)) return 'its time can\'t be read'
    if (now < from) return `it is not valid before ${dateText(from)}`
    if (now >= until) return `it expired on ${dateText(until)}`
    const revoked = this.revocations.since(certificate.raw)
    return revoked === undefined ? undefined : `it was revoked on ${dateText(revoked)}`
  }

  /** The authority that signed it; itself for a root. */
  private issuerOf (certificate: X509Certificate): X509Certificate | undefined {
    return this.authorities.find(each => certificate.checkIssued(each) && certificate.verify(each.publicKey))
  }
}

const dateText = (milliseconds: number): string => new Date(milliseconds).toISOString()
