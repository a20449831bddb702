import { sign, verify, X509Certificate } from 'node:crypto'
import { misnamed, REVOKED, Revocations, type Credentials, type Hello, type Proof } from '../../kernel/contract/index.js'
import { certificatesIn, distrust } from './certificate-chain.js'

export type Role = 'dialer' | 'listener'

/** Who proves, and on which connection. */
export interface ProofScene {
  readonly nodeId: string
  readonly role: Role
  /** Of this side, as in its hello. */
  readonly nonce: string
  /** The same at both ends of this connection only. */
  readonly channel: Uint8Array
}

const DOMAIN = 'caxton link proof 1'

/**
 * How nodes prove who they are on a connection whose own handshake does not: each shows the chain of its node certificate and a
 * signature over its role, both node ids, both nonces and the channel. So a proof is of use on this connection, in this
 * direction, this once.
 */
export function nodeProof (scene: ProofScene, credentials: Credentials, now: () => number): Proof {
  const chain = certificatesIn(credentials.chain)
  const trust = certificatesIn(credentials.trust)
  const revocations = Revocations.of(credentials)
  let believed: Uint8Array | undefined
  return {
    certificate: () => believed,
    show: theirs => encode(chain, sign(digestFor(chain[0]), statement(scene, theirs), credentials.key)),
    doubt: (theirs, shown) => {
      const read = shown && decode(shown)
      if (!read) return 'its proof can not be understood'
      const [leaf] = read.chain
      const other: Role = scene.role === 'dialer' ? 'listener' : 'dialer'
      const doubt = distrust(read.chain, trust, other, now()) ?? misnamed(leaf.raw, theirs.nodeId)
      if (doubt !== undefined) return doubt
      if (revocations.since(leaf.raw) !== undefined) return REVOKED
      const own = { nodeId: scene.nodeId, nonce: scene.nonce }
      const said = statement({ nodeId: theirs.nodeId, role: other, nonce: theirs.nonce ?? '', channel: scene.channel }, own)
      if (!verify(digestFor(leaf), said, leaf.publicKey, read.signature)) return 'its signature does not fit this connection'
      believed = leaf.raw
      return undefined
    },
  }
}

/** What is signed: every part behind its length, so that no two statements are alike. */
function statement (signer: ProofScene, other: Pick<Hello, 'nodeId' | 'nonce'>): Buffer {
  const parts = [DOMAIN, signer.role, signer.nodeId, other.nodeId, signer.nonce, other.nonce ?? '', signer.channel]
  return Buffer.concat(parts.flatMap(part => {
    const bytes = Buffer.from(part)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.byteLength)
    return [length, bytes]
  }))
}

/** Keys on Edwards curves bring their own digest. */
const digestFor = (certificate: X509Certificate | undefined): string | null =>
  certificate?.publicKey.asymmetricKeyType?.startsWith('ed') ? null : 'sha256'

/** Number of certificates (1 byte), each behind its length (2 bytes), then the signature. */
function encode (chain: readonly X509Certificate[], signature: Uint8Array): Uint8Array {
  const parts = chain.flatMap(({ raw }) => [Buffer.of(raw.byteLength >>> 8, raw.byteLength & 0xff), raw])
  return new Uint8Array(Buffer.concat([Buffer.of(chain.length), ...parts, signature]))
}

interface Shown {
  readonly chain: readonly [X509Certificate, ...X509Certificate[]]
  readonly signature: Uint8Array
}

function decode (body: Uint8Array): Shown | undefined {
  const [count = 0] = body
  let at = 1
  const certificates: X509Certificate[] = []
  for (let i = 0; i < count; i++) {
    const length = (body[at] ?? 0) << 8 | (body[at + 1] ?? 0)
    const end = at + 2 + length
    if (end > body.byteLength) return undefined
    const certificate = parse(body.subarray(at + 2, end))
    if (certificate === undefined) return undefined
    certificates.push(certificate)
    at = end
  }
  const [leaf, ...rest] = certificates
  return leaf && { chain: [leaf, ...rest], signature: body.subarray(at) }
}

function parse (der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}
