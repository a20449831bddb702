// The library below keeps its parts in a container that needs this.
import 'reflect-metadata'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator, type PublicKey } from '@peculiar/x509'
import { CertificateRequestUnusable } from './certificate-errors.js'
import { commonName, keyPem, newKeys, P256, type CertificateHolder } from './certificate-maker.js'

/** A request for a certificate (PKCS #10, RFC 2986) and the new key that it is for, in PEM. */
export interface MadeRequest {
  readonly key: string
  readonly request: string
}

/** Makes a new key, and asks for a certificate for it in the name of its holder. */
export async function makeRequest ({ commonName: name }: CertificateHolder): Promise<MadeRequest> {
  const keys = await newKeys()
  const request = await Pkcs10CertificateRequestGenerator.create({ name: commonName(name), keys, signingAlgorithm: P256 })
  return { key: await keyPem(keys.privateKey), request: `${request.toString('pem')}\n` }
}

/**
 * The key that a request is for: who made the request has its private half. Of the rest only the common name is looked at, which must be
 * `name`: what a certificate says is up to who signs it. Throws `CERTIFICATE_REQUEST_UNUSABLE`.
 */
export async function requestedKey (text: string, name: string, file: string): Promise<PublicKey> {
  const request = parsed(text, file)
  const unusable = (reason: string): Error => CertificateRequestUnusable({ file, reason })
  if (!await request.verify().catch(() => false)) throw unusable('it is not signed with the key that it is for')
  const names = request.subjectName.getField('CN')
  if (names.length !== 1 || names[0] !== name) throw unusable(`it is for ${names.join(' and ') || 'nobody'}, not for ${name}`)
  const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw unusable('its key is not on P-256')
  return request.publicKey
}

/** Whether an authority (DER) has signed a certificate. */
export function isSignedBy (certificate: X509Certificate, authority: Uint8Array): boolean {
  const issuer = new X509Certificate(authority)
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function parsed (text: string, file: string): Pkcs10CertificateRequest {
  try {
    return new Pkcs10CertificateRequest(text)
  } catch {
    throw CertificateRequestUnusable({ file, reason: 'it is no request for a certificate in PEM' })
  }
}
