import { createHash, createPrivateKey, createPublicKey, sign, verify, X509Certificate, type KeyObject } from 'node:crypto'
import type { Credentials } from '../../../kernel/contract/index.js'

/** What the log says of a key that signs it, so that whoever verifies it has the key. All in base64 of DER. */
export interface SignerFacts {
  /** `sha256:` and the digest of the public key. */
  readonly id: string
  readonly key: string
  /** Of the node, if it signs with the key of its certificate. */
  readonly certificate?: string
}

/** The key with which this node signs its log. */
export class SigningKey {
  readonly facts: SignerFacts

  private constructor (private readonly key: KeyObject, certificate: X509Certificate | undefined) {
    const bytes = createPublicKey(key).export({ type: 'spki', format: 'der' })
    this.facts = {
      id: keyId(bytes),
      key: bytes.toString('base64'),
      ...certificate === undefined ? {} : { certificate: certificate.raw.toString('base64') },
    }
  }

  /** The key that the node proves itself with. */
  static ofNode ({ key, chain }: Credentials): SigningKey {
    return new SigningKey(createPrivateKey(key), new X509Certificate(chain))
  }

  /** A key that is the log's own, in PEM. */
  static own (pem: string): SigningKey {
    return new SigningKey(createPrivateKey(pem), undefined)
  }

  /** In base64. */
  sign (bytes: Uint8Array): string {
    return sign(digestFor(this.key), bytes, this.key).toString('base64')
  }
}

/** A public key that the log names, ready to check signatures; undefined if the facts don't fit each other. */
export function signerKey (facts: unknown): { readonly facts: SignerFacts, readonly key: KeyObject } | undefined {
  if (!isFacts(facts)) return undefined
  try {
    const bytes = Buffer.from(facts.key, 'base64')
    const key = createPublicKey({ key: bytes, format: 'der', type: 'spki' })
    if (keyId(bytes) !== facts.id) return undefined
    if (facts.certificate === undefined) return { facts, key }
    const certificate = new X509Certificate(Buffer.from(facts.certificate, 'base64'))
    return certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(bytes) ? { facts, key } : undefined
  } catch {
    return undefined
  }
}

/** Whether a signature (base64) is that of a key over these bytes. */
export function isSignature (signature: string, key: KeyObject, bytes: Uint8Array): boolean {
  try {
    return verify(digestFor(key), bytes, key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

const keyId = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Keys on Edwards curves bring their own digest. */
const digestFor = (key: KeyObject): string | null => key.asymmetricKeyType?.startsWith('ed') === true ? null : 'sha256'

function isFacts (facts: unknown): facts is SignerFacts {
  return typeof facts === 'object' && facts !== null && 'id' in facts && typeof facts.id === 'string'
    && 'key' in facts && typeof facts.key === 'string' && (!('certificate' in facts) || typeof facts.certificate === 'string')
}
