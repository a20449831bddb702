import type { Random } from '../../../kernel/contract/index.js'
import type { KeyRing } from './key-ring.js'

/** How a cluster's nodes agreed to talk. */
export interface WireSettings {
  /** Keeps clusters apart that could meet by mistake; empty for none, at most 255 bytes. */
  readonly label: string
  /** Undefined: nothing is encrypted. */
  readonly keyRing: KeyRing | undefined
  /** With a key ring: whether what comes without encryption is refused. Off only while a running cluster goes over to encryption. */
  readonly verifyIncoming: boolean
  /** With a key ring: whether to encrypt. Off only while a running cluster goes over to encryption. */
  readonly verifyOutgoing: boolean
  /** Whether to compress what we send; what comes may always be compressed. */
  readonly compression: boolean
  /** Gives nonces. */
  readonly random: Random
}
