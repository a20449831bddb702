import { createHash, sign, verify, type KeyObject } from 'node:crypto'

const LINE = new TextEncoder().encode('caxton module signature 1\n')
const SIGNATURE_BYTES = 64
const HASH = /^[0-9a-f]{64}$/

/** An Ed25519 signature of a module, and by which key. */
export interface ModuleSignature {
  /** SHA-256 of the public key, in hex. */
  readonly key: string
  readonly signature: Uint8Array
}

/** SHA-256 of a public key (its SubjectPublicKeyInfo in DER), in hex. */
export const fingerprint = (key: KeyObject): string =>
  createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex')

/** Whether a key is one for Ed25519. */
export const isSigningKey = (key: KeyObject): boolean => key.asymmetricKeyType === 'ed25519'

/** Signs a module by its SHA-256, in hex. */
export const signModule = (hash: string, key: KeyObject): Uint8Array => sign(null, signedBytes(hash), key)

/** Whether the signature is that of the key for the module with this SHA-256, in hex. */
export const isSignedBy = (hash: string, signature: Uint8Array, key: KeyObject): boolean =>
  signature.length === SIGNATURE_BYTES && verify(null, signedBytes(hash), key, signature)

/** A signature may be given without a check that it holds, but not as something else than one. */
export const isSignature = ({ key, signature }: ModuleSignature): boolean => HASH.test(key) && signature.length === SIGNATURE_BYTES

/** The text of a signature file. */
export const signatureText = (hash: string, { key, signature }: ModuleSignature): string =>
  `caxton module signature 1\nmodule ${hash}\nkey ${key}\nsignature ${Buffer.from(signature).toString('base64')}\n`

/** Reads what {@link signatureText} wrote; undefined when it is anything else. */
export function readSignature (text: string): (ModuleSignature & { readonly module: string }) | undefined {
  const lines = /^caxton module signature 1\nmodule ([0-9a-f]{64})\nkey ([0-9a-f]{64})\nsignature ([A-Za-z0-9+/]{86}==)\n$/.exec(text)
  const [, module, key, base64] = lines ?? []
  if (module === undefined || key === undefined || base64 === undefined) return undefined
  const signature = Buffer.from(base64, 'base64')
  return signature.toString('base64') === base64 ? { module, key, signature: new Uint8Array(signature) } : undefined
}

/** What is signed: a line that no other signature begins with, then the hash. */
const signedBytes = (hash: string): Uint8Array => Buffer.concat([LINE, Buffer.from(hash, 'hex')])
