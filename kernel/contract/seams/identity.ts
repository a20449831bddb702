import { token } from '../token.js'

/** Key, chain and trust in PEM. */
export interface Credentials {
  readonly key: string
  /** Leaf first. */
  readonly chain: string
  /** Certificates of the authorities whose peers this node trusts. */
  readonly trust: string
  /** Revocation lists of these authorities, where there are any: `Revocations` reads them. */
  readonly revoked?: string
}

/** Who this node is, and whom it trusts. */
export interface Identity {
  readonly nodeId: string
  /** Undefined where the node has no certificate: then nothing but loopback can be served. Answers at once. */
  credentials (): Credentials | undefined
  /** Calls back after each change of the credentials, until `signal` aborts. */
  onChange (changed: () => void, signal: AbortSignal): void
}

export const IdentityToken = token<Identity>('caxton/identity@1')
