import type { KeyObject, webcrypto } from 'node:crypto'
import { existsSync } from 'node:fs'
import { AuthorityKeyExposed, AuthorityMissing, AuthorityUnusable } from './certificate-errors.js'
import { isOpenToOthers, readPem } from './credential-files.js'
import { parseCertificates, parseKey } from './credential-check.js'

/** An authority that can sign, ready for it. */
export interface SigningAuthority {
  /** In DER. */
  readonly certificate: Uint8Array
  /** PKCS #8 in DER. */
  readonly key: Uint8Array
  readonly algorithm: webcrypto.EcKeyImportParams & webcrypto.EcdsaParams | webcrypto.RsaHashedImportParams
  /** How long it is valid, in milliseconds since the Unix epoch. */
  readonly from: number
  readonly until: number
}

/** What the certificates of an authority may be signed with, by the curve of its key. */
const CURVES: Readonly<Record<string, { readonly namedCurve: string, readonly hash: string }>> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { namedCurve: 'P-521', hash: 'SHA-512' },
}

/**
 * Reads an authority and makes sure that what it signs will be accepted. `now` in milliseconds since the Unix epoch. Throws
 * `AUTHORITY_MISSING`, `AUTHORITY_KEY_EXPOSED`, `AUTHORITY_UNUSABLE`, and what a file that is no key or certificate raises.
 */
export async function readAuthority (certificateFile: string, keyFile: string, now: number): Promise<SigningAuthority> {
  for (const file of [certificateFile, keyFile]) {
    if (!existsSync(file)) throw AuthorityMissing({ file })
  }
  if (await isOpenToOthers(keyFile)) throw AuthorityKeyExposed({ file: keyFile })
  const certificates = parseCertificates(await readPem(certificateFile), certificateFile)
  const key = parseKey(await readPem(keyFile), keyFile)
  // A file of trusted authorities holds several: the one that is meant has this key, and the latest end if it was renewed.
  const own = certificates.filter(each => each.checkPrivateKey(key)).sort((a, b) => Date.parse(b.validTo) - Date.parse(a.validTo))
  const certificate = own[0] ?? certificates[0]
  const unusable = (reason: string): Error => AuthorityUnusable({ file: certificateFile, reason })
  const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
  if (!certificate.ca) throw unusable('its certificate is not that of an authority')
  if (!certificate.checkPrivateKey(key)) throw unusable(`${keyFile} is not its key`)
  if (!certificate.checkIssued(certificate)) throw unusable('another authority signed its certificate, and nodes trust only roots')
  if (!certificate.verify(certificate.publicKey)) throw unusable('its certificate is damaged: the signature is wrong')
  if (now < from) throw unusable(`it is not valid before ${new Date(from).toISOString()}`)
  if (now >= until) throw unusable(`it expired on ${new Date(until).toISOString()}`)
  const algorithm = algorithmOf(key)
  if (algorithm === undefined) throw unusable('its key is neither RSA nor on P-256, P-384 or P-521')
  return { certificate: certificate.raw, key: key.export({ type: 'pkcs8', format: 'der' }), algorithm, from, until }
}

function algorithmOf (key: KeyObject): SigningAuthority['algorithm'] | undefined {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? '']
  return key.asymmetricKeyType === 'ec' && curve !== undefined ? { name: 'ECDSA', ...curve } : undefined
}
