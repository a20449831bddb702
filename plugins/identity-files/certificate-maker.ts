// The library below keeps its parts in a container that needs this.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, GeneralName,
  KeyUsageFlags, KeyUsagesExtension, Name, SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension, X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { CertificateName } from './certificate-names.js'
import type { SigningAuthority } from './signing-authority.js'

const DAY = 24 * 60 * 60 * 1000
/** A certificate is valid from a little earlier on, for machines whose clocks are behind. */
const CLOCKS_DIFFER = 5 * 60 * 1000
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A new certificate with its key, in PEM. */
export interface MadeCertificate {
  readonly key: string
  readonly certificate: string
  /** When it ends, in milliseconds since the Unix epoch. */
  readonly until: number
}

/** Makes an authority that signs itself, with a new key on P-256. `now` in milliseconds since the Unix epoch. */
export async function makeAuthority (name: string, days: number, now: number): Promise<MadeCertificate> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const until = now + days * DAY
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm: P256,
    name: commonName(name),
    notBefore: new Date(now - CLOCKS_DIFFER),
    notAfter: new Date(until),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { key: await keyPem(keys.privateKey), certificate: certificatePem(certificate), until }
}

/**
 * Makes a node's certificate with a new key on P-256: it serves and dials under its name and the others. It ends with
 * its authority at the latest.
 */
export async function makeNodeCertificate (
  nodeId: string, names: readonly CertificateName[], days: number, now: number, authority: SigningAuthority,
): Promise<MadeCertificate> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
  const until = Math.min(now + days * DAY, authority.until)
  const issuer = new X509Certificate(authority.certificate)
  const certificate = await X509CertificateGenerator.create({
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', authority.key, authority.algorithm, false, ['sign']),
    signingAlgorithm: authority.algorithm,
    subject: commonName(nodeId),
    issuer: issuer.subjectName,
    notBefore: new Date(Math.max(now - CLOCKS_DIFFER, authority.from)),
    notAfter: new Date(until),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(names.map(({ kind, value }) => new GeneralName(kind, value))),
      await AuthorityKeyIdentifierExtension.create(issuer),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { key: await keyPem(keys.privateKey), certificate: certificatePem(certificate), until }
}

/** As a structure: in its text form a name could bring in fields of its own. */
const commonName = (name: string): Name => new Name([{ CN: [{ utf8String: name }] }])

const certificatePem = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`

async function keyPem (key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  return `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
}
