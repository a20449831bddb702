import { createSecretKey, type KeyObject } from 'node:crypto'

const CIPHERS = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' } as const

/** A key that gossip is encrypted with: 16, 24 or 32 bytes, for AES-128, -192 or -256 in GCM. */
export class GossipKey {
  private constructor (readonly cipher: typeof CIPHERS[keyof typeof CIPHERS], readonly secret: KeyObject) {}

  /** Undefined where the length is wrong. */
  static of (bytes: Uint8Array): GossipKey | undefined {
    const length = bytes.length
    if (length !== 16 && length !== 24 && length !== 32) return undefined
    return new GossipKey(CIPHERS[length], createSecretKey(bytes))
  }

  get bytes (): Uint8Array {
    return this.secret.export()
  }

  equals (other: GossipKey): boolean {
    return this.secret.equals(other.secret)
  }
}
