import { token } from '../token.js'
import type { NodeRoad } from './membership.js'

/** What a part of this node does with what the same part of another node says. */
export interface PeerHandlers {
  /** Bytes that belong to the receiver. Must not block. In the order in which the other node sent them, as long as the link holds. */
  heard? (nodeId: string, bytes: Uint8Array): void
  /** Answers a question. What it throws reaches the asker: declared errors as themselves. The signal aborts when the asker is gone. */
  asked? (nodeId: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
}

/** Speaks with the same part of other nodes. */
export interface PeerChannel {
  /**
   * Sends at most 1 MiB, at most once; opens the link if there is none. False when it was not taken: the node is not known or not
   * reachable, or too much waits for it. Never blocks.
   */
  send (nodeId: string, bytes: Uint8Array): boolean
  /**
   * Asks and waits for the answer; either may have up to 80 MiB, and travels in pieces between other frames. Rejects with
   * `PEER_UNREACHABLE`, `PEER_BUSY`, the error that the other side raised, or the signal's reason.
   */
  ask (nodeId: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
}

/** A link to another node, for those who look after the cluster. */
export interface PeerLink {
  readonly nodeId: string
  readonly transport: string
  readonly driver: string
  readonly isEncrypted: boolean
  readonly since: number
  /** Bytes that wait to be sent. */
  readonly waiting: number
  /** `open` while it works; `broken` while nothing is tried after too many failures. */
  readonly state: 'open' | 'opening' | 'broken'
}

/** Speaks with other nodes over the links that carry messages too: one link for each pair of nodes. */
export interface Peers {
  /** Takes a name of lower-case letters, digits and dashes, the same on every node. Once per name, before {@link Membership.advertise}. */
  channel (name: string, handlers: PeerHandlers): PeerChannel
  links (): readonly PeerLink[]
  /** How this node takes links, its preferred way first. Empty until it has opened its ports. */
  roads (): ReadonlyArray<NodeRoad & Pick<PeerLink, 'isEncrypted'>>
  /** Calls back when the first link to a node opens, and when the last has gone, until `signal` aborts. Must not block. */
  onLink (changed: (nodeId: string, isOpen: boolean) => void, signal: AbortSignal): void
}

export const PeersToken = token<Peers>('caxton/peers@1')
