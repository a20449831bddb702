import { token, tokenMany } from '../token.js'

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

/**
 * Further authorities whose clients a face lets through its handshake, beside those that nodes trust: an authenticator that knows callers
 * by certificates says which. A face that finds one asks callers for a certificate, and hands over those only that were verified.
 */
export interface ClientTrust {
  /** Certificates in PEM; empty for none but the node's. Answers at once. */
  authorities (): string
  /** Calls back after each change, until `signal` aborts. */
  onChange (changed: () => void, signal: AbortSignal): void
}

export const ClientTrusts = tokenMany<ClientTrust>('caxton/client-trust@1')
