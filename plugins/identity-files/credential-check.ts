import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { Revocations, type Credentials } from '../../kernel/contract/index.js'
import type { CredentialPaths } from './credential-files.js'
import { IdentityCertificateInvalid, IdentityKeyInvalid, IdentityKeyMismatch, IdentityRevocationsInvalid } from './identity-errors.js'

const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g

/**
 * Checks that key, chain and trust can be used together, and gives the node's own certificate. Throws declared
 * errors.
 */
export function checkCredentials ({ key, chain, trust, revoked }: Credentials, paths: CredentialPaths): X509Certificate {
  const privateKey = parseKey(key, paths.key)
  const certificates = parseCertificates(chain, paths.chain)
  parseCertificates(trust, paths.trust)
  const [leaf] = certificates
  if (!leaf.checkPrivateKey(privateKey)) throw IdentityKeyMismatch({ key: paths.key, chain: paths.chain })
  certificates.slice(1).forEach((issuer, index) => {
    if (certificates[index]?.checkIssued(issuer)) return
    throw IdentityCertificateInvalid({ file: paths.chain, reason: `number ${index + 2} did not issue number ${index + 1}` })
  })
  const revocations = revoked === undefined ? Revocations.none : Revocations.read(revoked, trust)
  if (typeof revocations === 'string') throw IdentityRevocationsInvalid({ file: paths.revoked ?? '', reason: revocations })
  return leaf
}

/** Throws `IDENTITY_KEY_INVALID`, without a word of the key. */
export function parseKey (pem: string, file: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw IdentityKeyInvalid({ file, reason: 'it is encrypted' })
  try {
    return createPrivateKey(pem)
  } catch {
    // OpenSSL's words may quote the input, and a key must not get into a log.
    throw IdentityKeyInvalid({ file, reason: 'it is not a private key in PEM' })
  }
}

/** Every certificate of a file. Throws `IDENTITY_CERTIFICATE_INVALID`. */
export function parseCertificates (pem: string, file: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = pem.match(CERTIFICATE) ?? []
  const [first, ...rest] = blocks.map((block, index) => {
    try {
      return new X509Certificate(block)
    } catch (error) {
      throw IdentityCertificateInvalid({ file, reason: `number ${index + 1} is damaged` }, { cause: error })
    }
  })
  if (!first) throw IdentityCertificateInvalid({ file, reason: 'there are none in PEM' })
  return [first, ...rest]
}
