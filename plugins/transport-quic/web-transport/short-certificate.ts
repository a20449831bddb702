import { webcrypto } from 'node:crypto'
import { X509CertificateGenerator } from '@peculiar/x509'

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 24 * 60 * 60 * 1000
/** Machines' clocks differ. */
const EARLIER = 60 * 60 * 1000

/** WebTransport takes pinned certificates for 14 days at most, W3C WebTransport §6.4. */
export const SHORT_LIFE = 10 * DAY

/** A certificate that nobody signed, with its key. */
export interface ShortCertificate {
  /** PEM. */
  readonly certificate: string
  readonly key: string
  /** SHA-256 of the certificate in DER. */
  readonly hash: Uint8Array
}

/** A certificate for the connection only: who the node is, is proven behind it. `now` in milliseconds since the Unix epoch. */
export async function makeShortCertificate (now: number): Promise<ShortCertificate> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=caxton-link', keys, signingAlgorithm: P256, notBefore: new Date(now - EARLIER), notAfter: new Date(now + SHORT_LIFE),
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64').replace(/.{64}/g, '$&\n')
  return {
    certificate: made.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    hash: new Uint8Array(await made.getThumbprint('SHA-256')),
  }
}
