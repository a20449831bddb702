import { createHash } from 'node:crypto'
import { GossipKey } from '../wire/gossip-key.js'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** A key from its base64 text, or what is wrong with it. The text itself is never repeated. */
export function parseKey (text: string): GossipKey | string {
  const trimmed = text.trim()
  if (!BASE64.test(trimmed) || trimmed.length % 4 !== 0) return 'it is not base64'
  const bytes = Buffer.from(trimmed, 'base64')
  return GossipKey.of(bytes) ?? `it has ${bytes.length} bytes, not 16, 24 or 32`
}

export const keyText = (key: GossipKey): string => Buffer.from(key.bytes).toString('base64')

/** Names a key without telling it: the first 16 hex digits of SHA-256 over it. */
export const fingerprintOf = (key: Uint8Array): string =>
  createHash('sha256').update('caxton gossip key').update(key).digest('hex').slice(0, 16)
