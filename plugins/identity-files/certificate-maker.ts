// The library below keeps its parts in a container that needs this.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, GeneralName,
  KeyUsageFlags, KeyUsagesExtension, Name, SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension, X509Certificate,
  X509CertificateGenerator, type PublicKey,
} from '@peculiar/x509'
import type { CertificateName } from './certificate-names.js'
import type { SigningAuthority } from './signing-authority.js'

const DAY = 24 * 60 * 60 * 1000
/** A certificate is valid from a little earlier on, for machines whose clocks are behind. */
const CLOCKS_DIFFER = 5 * 60 * 1000
export const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A new certificate with its key, in PEM. */
export interface MadeCertificate {
  readonly key: string
  readonly certificate: string
  /** When it ends, in milliseconds since the Unix epoch. */
  readonly until: number
}

/** A new key on P-256. */
export const newKeys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])

/** Makes an authority that signs itself, with a new key on P-256. `now` in milliseconds since the Unix epoch. */
export async function makeAuthority (name: string, days: number, now: number): Promise<MadeCertificate> {
  const keys = await newKeys()
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

/** Whose certificate it is, and what it is good for. */
export interface CertificateHolder {
  readonly commonName: string
  readonly names: readonly CertificateName[]
  /** A client only dials; a node serves, too. */
  readonly kind: 'node' | 'client'
}

/** Makes a node's certificate: it serves and dials under its name and the others. */
export const makeNodeCertificate = (
  nodeId: string, names: readonly CertificateName[], days: number, now: number, authority: SigningAuthority,
): Promise<MadeCertificate> => makeCertificate({ commonName: nodeId, names, kind: 'node' }, now + days * DAY, now, authority)

/**
 * Makes a certificate with a new key on P-256. It ends with its authority at the latest. Times in milliseconds since the
 * Unix epoch.
 */
export async function makeCertificate (
  holder: CertificateHolder, latest: number, now: number, authority: SigningAuthority,
): Promise<MadeCertificate> {
  const { publicKey, privateKey } = await newKeys()
  return { key: await keyPem(privateKey), ...await signCertificate(holder, publicKey, latest, now, authority) }
}

/** Like {@link makeCertificate}, for a key of which only the public half is here. */
export async function signCertificate (
  { commonName: name, names, kind }: CertificateHolder, publicKey: webcrypto.CryptoKey | PublicKey,
  latest: number, now: number, authority: SigningAuthority,
): Promise<Omit<MadeCertificate, 'key'>> {
  const until = Math.min(latest, authority.until)
  const issuer = new X509Certificate(authority.certificate)
  const certificate = await X509CertificateGenerator.create({
    publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', authority.key, authority.algorithm, false, ['sign']),
    signingAlgorithm: authority.algorithm,
    subject: commonName(name),
    issuer: issuer.subjectName,
    notBefore: new Date(Math.max(now - CLOCKS_DIFFER, authority.from)),
    notAfter: new Date(until),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([...kind === 'node' ? [ExtendedKeyUsage.serverAuth] : [], ExtendedKeyUsage.clientAuth]),
      ...names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names.map(each => new GeneralName(each.kind, each.value)))],
      await AuthorityKeyIdentifierExtension.create(issuer),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return { certificate: certificatePem(certificate), until }
}

/** Whose a certificate (PEM) is, as {@link makeCertificate} made it; undefined for one that it could not make again. */
export function holderOf (pem: string): CertificateHolder | undefined {
  const certificate = new X509Certificate(pem)
  const [name, ...others] = certificate.subjectName.getField('CN')
  const usages = certificate.getExtension(ExtendedKeyUsageExtension)?.usages ?? []
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? []
  const known = names.flatMap(({ type, value }) => isNameKind(type) ? [{ kind: type, value }] : [])
  const dials = usages.includes(ExtendedKeyUsage.clientAuth)
  if (name === undefined || others.length > 0 || known.length < names.length || !dials) return undefined
  return { commonName: name, names: known, kind: usages.includes(ExtendedKeyUsage.serverAuth) ? 'node' : 'client' }
}

const isNameKind = (type: string): type is CertificateName['kind'] => type === 'dns' || type === 'ip' || type === 'email' || type === 'url'

/** As a structure: in its text form a name could bring in fields of its own. */
export const commonName = (name: string): Name => new Name([{ CN: [{ utf8String: name }] }])

const certificatePem = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`

/** PKCS #8 in PEM. */
export async function keyPem (key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  return `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
}
