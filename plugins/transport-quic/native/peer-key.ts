import { generateKeyPairSync } from 'node:crypto'

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** The Ed25519 key of one process in the handshake of native QUIC, and the name that follows from it. */
export interface PeerKey {
  /** As libp2p writes a private key (its crypto.proto): type 1, then seed and public key. */
  readonly proto: Uint8Array
  /** As libp2p writes the name of a peer (its peer-ids specification): base58 of the public key. */
  readonly id: string
}

export function makePeerKey (): PeerKey {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const [seed, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]
  return {
    proto: Buffer.concat([Buffer.of(0x08, 0x01, 0x12, 0x40), seed, open]),
    id: base58(Buffer.concat([Buffer.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20), open])),
  }
}

/** Each leading zero byte is a `1`. */
export function base58 (bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
  let text = ''
  for (; rest > 0n; rest /= 58n) text = (BASE58[Number(rest % 58n)] ?? '') + text
  const zeros = bytes.findIndex(byte => byte !== 0)
  return '1'.repeat(zeros < 0 ? bytes.byteLength : zeros) + text
}
