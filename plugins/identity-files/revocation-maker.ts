// The library below keeps its parts in a container that needs this.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { AuthorityKeyIdentifierExtension, X509Certificate, X509CrlGenerator } from '@peculiar/x509'
import type { SigningAuthority } from './signing-authority.js'

const DAY = 24 * 60 * 60 * 1000

/** Makes an authority's list of revoked certificates in PEM; RFC 5280 §5. Times in milliseconds since the Unix epoch. */
export async function makeRevocationList (
  revoked: ReadonlyMap<string, number>, days: number, now: number, authority: SigningAuthority,
): Promise<string> {
  const issuer = new X509Certificate(authority.certificate)
  const list = await X509CrlGenerator.create({
    issuer: issuer.subjectName,
    thisUpdate: new Date(now),
    nextUpdate: new Date(Math.min(now + days * DAY, authority.until)),
    entries: [...revoked].map(([serial, since]) => ({ serialNumber: evenDigits(serial), revocationDate: new Date(since) })),
    extensions: [await AuthorityKeyIdentifierExtension.create(issuer)],
    signingAlgorithm: authority.algorithm,
    signingKey: await webcrypto.subtle.importKey('pkcs8', authority.key, authority.algorithm, false, ['sign']),
  })
  return `${list.toString('pem').replaceAll('-----BEGIN CRL-----', '-----BEGIN X509 CRL-----')
    .replaceAll('-----END CRL-----', '-----END X509 CRL-----')}\n`
}

/** Whole bytes, and a zero before what would be a negative number. */
function evenDigits (serial: string): string {
  const even = serial.length % 2 === 0 ? serial : `0${serial}`
  return /^[89a-f]/i.test(even) ? `00${even}` : even
}
