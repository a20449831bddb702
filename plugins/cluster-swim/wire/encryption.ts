import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../../../kernel/contract/index.js'
import type { GossipKey } from './gossip-key.js'
import type { KeyRing } from './key-ring.js'

const NONCE = 12
const TAG = 16
const HEADER = 1 + NONCE
const BLOCK = 16

/** With padding to whole blocks (protocol version 1): understood, never sent. */
const PADDED = 0
const PLAIN_LENGTH = 1

/** Bytes that encryption adds. */
export const ENCRYPTION_OVERHEAD = HEADER + TAG

/** Version, nonce, ciphertext, tag. `authenticated` is covered by the tag, but not part of the result. */
export function encrypt (ring: KeyRing, random: Random, bytes: Uint8Array, authenticated: Uint8Array): Uint8Array {
  const { cipher, secret } = ring.primary
  const nonce = random.bytes(NONCE)
  const sealing = createCipheriv(cipher, secret, nonce, { authTagLength: TAG })
  sealing.setAAD(authenticated)
  return Buffer.concat([[PLAIN_LENGTH], nonce, sealing.update(bytes), sealing.final(), sealing.getAuthTag()].map(part => Buffer.from(part)))
}

/** The reverse, with whichever key fits; undefined where none does. */
export function decrypt (ring: KeyRing, sealed: Uint8Array, authenticated: Uint8Array): Uint8Array | undefined {
  const version = sealed[0]
  if ((version !== PADDED && version !== PLAIN_LENGTH) || sealed.length < ENCRYPTION_OVERHEAD) return undefined
  for (const key of ring.list()) {
    const bytes = decryptWith(key, sealed, authenticated)
    if (bytes !== undefined) return version === PADDED ? withoutPadding(bytes) : bytes
  }
  return undefined
}

function decryptWith (key: GossipKey, sealed: Uint8Array, authenticated: Uint8Array): Uint8Array | undefined {
  const tagStart = sealed.length - TAG
  const opening = createDecipheriv(key.cipher, key.secret, sealed.subarray(1, HEADER), { authTagLength: TAG })
  opening.setAAD(authenticated)
  opening.setAuthTag(sealed.subarray(tagStart))
  const bytes = opening.update(sealed.subarray(HEADER, tagStart))
  try {
    opening.final()
    return bytes
  } catch {
    return undefined
  }
}

/** Without PKCS #7 padding (RFC 5652 section 6.3); undefined where it is none. */
function withoutPadding (bytes: Uint8Array): Uint8Array | undefined {
  const count = bytes.at(-1) ?? 0
  return count >= 1 && count <= BLOCK && count <= bytes.length ? bytes.subarray(0, bytes.length - count) : undefined
}
