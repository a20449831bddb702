import { X509Certificate } from 'node:crypto'
import type { Credentials } from '../seams/identity.js'
import { parseRevocationList, serialText, type RevocationList } from './revocation-list.js'

const LIST = /-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/g
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** One authority, and what it has revoked. */
interface Revoking {
  readonly authority: X509Certificate
  readonly list: RevocationList
}

/** Which certificates of the trusted authorities are revoked, by lists that these authorities signed (RFC 5280 §5). */
export class Revocations {
  private constructor (private readonly all: readonly Revoking[]) {}

  /** Nothing is revoked. */
  static readonly none = new Revocations([])

  /**
   * Reads lists in PEM (`X509 CRL`), each of which one of the authorities (PEM too) must have signed. A text: what is wrong with them, in
   * words. A list that can't be believed must never be passed over: what it revokes would be trusted.
   */
  static read (lists: string, authorities: string): Revocations | string {
    const trusted = (authorities.match(CERTIFICATE) ?? []).map(block => new X509Certificate(block))
    const blocks = [...lists.matchAll(LIST)].map(([, text = '']) => text)
    if (blocks.length === 0) return 'there are no revocation lists in PEM'
    const all: Revoking[] = []
    for (const [index, text] of blocks.entries()) {
      const found = revokingOf(text, trusted)
      if (typeof found === 'string') return `list ${index + 1} can't be used: ${found}`
      all.push(...found)
    }
    return new Revocations(all)
  }

  /** Those that a node's identity gives. Throws an `Error` in words when they can't be used; an identity gives none of these. */
  static of ({ revoked, trust }: Credentials): Revocations {
    const revocations = revoked === undefined ? Revocations.none : Revocations.read(revoked, trust)
    if (typeof revocations === 'string') throw new Error(revocations)
    return revocations
  }

  /** The time when the first of the lists ends, in milliseconds since the Unix epoch; a newer one should have come before. */
  get until (): number {
    return Math.min(...this.all.map(({ list }) => list.until))
  }

  /** Every revoked serial number (upper-case hexadecimal digits), with its time in milliseconds since the Unix epoch. */
  serials (): ReadonlyMap<string, number> {
    return new Map(this.all.flatMap(({ list }) => [...list.revoked]))
  }

  /** When a certificate (DER) was revoked, in milliseconds since the Unix epoch; undefined if it was not. */
  since (certificate: Uint8Array): number | undefined {
    if (this.all.length === 0) return undefined
    const asked = new X509Certificate(certificate)
    const serial = serialText(asked.serialNumber)
    const times = this.all
      .filter(({ authority }) => asked.checkIssued(authority) && asked.verify(authority.publicKey))
      .map(({ list }) => list.revoked.get(serial))
      .filter(time => time !== undefined)
    return times.length === 0 ? undefined : Math.min(...times)
  }
}

/** An authority that renewed its certificate has several with one key. */
function revokingOf (text: string, authorities: readonly X509Certificate[]): Revoking[] | string {
  try {
    const list = parseRevocationList(Buffer.from(text, 'base64'))
    const signers = authorities.filter(({ publicKey }) => list.isSignedBy(publicKey))
    if (signers.length === 0) return 'no authority that is trusted here has signed it'
    return signers.map(authority => ({ authority, list }))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
