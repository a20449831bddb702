import type { Clock, Logger } from '../../contract/index.js'
import type { Directory } from '../directory/directory.js'
import type { MessagePolicy } from '../permissions/message-policy.js'
import type { Post } from '../post.js'
import type { HopSpans } from '../tracing/hop-spans.js'
import type { RemoteAgents } from './remote-agents.js'

/**
 * Takes durable messages from other nodes. `settled` is called once: -1 handled, -2 answered for good; else a position in
 * `UNDELIVERABLE`.
 */
export interface DurableArrivals {
  arrive (frame: Uint8Array, receiver: string, sender: string, settled: (outcome: number) => void): void
}

/** Hears what became of durable messages that went to other nodes. */
export interface DurableOutcomes {
  settle (number: number, outcome: number): void
}

/** What `RemotePost` works with. */
export interface RemotePostParts {
  readonly self: string
  readonly agents: RemoteAgents
  readonly directory: Directory
  readonly post: Pick<Post, 'arrive' | 'forward' | 'bounce'>
  readonly arrivals: DurableArrivals
  readonly outcomes: DurableOutcomes
  /** Claim epoch of an agent of this node. */
  readonly claimOf: (name: string) => number
  /** Who may write to whom, as this node says; rates are kept by the sender's. */
  readonly policy: () => Pick<MessagePolicy, 'forbids'> | undefined
  /**
   * Brings bytes to a node, and needs them no more when it returns. False when they are not taken; `lost` is called with them when they
   * were, and yet will not be sent.
   */
  readonly send: (nodeId: string, bytes: Uint8Array, lost: (bytes: Uint8Array) => void) => boolean
  /** Notes the steps between nodes. */
  readonly hops?: HopSpans
  readonly clock: Clock
  readonly log: Logger
}
