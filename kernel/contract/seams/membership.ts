import { token } from '../token.js'

/** How a node is believed to be. `dead` and `left` are remembered for a while, so that old rumours of them are known as such. */
export type MemberState = 'alive' | 'suspect' | 'dead' | 'left'

/** A way in which a node takes links. */
export interface NodeRoad {
  /** Name of the transport: `tcp`. */
  readonly transport: string
  /** What carries it: only equal drivers understand one another. */
  readonly driver: string
  readonly port: number
}

/** A node as this one knows it. */
export interface Member {
  readonly nodeId: string
  /** IP address, without a port. */
  readonly host: string
  readonly gossipPort: number
  readonly state: MemberState
  /** Grows whenever the node makes itself known anew. */
  readonly incarnation: number
  /** When it got its state, in milliseconds since the Unix epoch by this node's clock. */
  readonly since: number
  /** False for foreigners in the ring, such as agents of Serf: they get no links and never count in a majority. */
  readonly isCaxton: boolean
  /** Failure domain; `default` where it says nothing. */
  readonly zone: string
  /** Of its Caxton: `0.1.0`; empty for foreigners. */
  readonly version: string
  /** How it takes links, its preferred way first. Empty until it has opened its ports. */
  readonly roads: readonly NodeRoad[]
  /** Latest round trip of a probe, in milliseconds; undefined before the first. */
  readonly roundTrip: number | undefined
}

/** What happened to a member. `back`: one that was suspect or dead is alive. */
export interface MemberChange {
  readonly kind: 'joined' | 'updated' | 'suspected' | 'died' | 'back' | 'left' | 'removed'
  readonly member: Member
  /** In one plain sentence, where there is more to say. */
  readonly because: string
}

/**
 * Which part of the cluster this node sees. `normal`: all of it. `unstable`: it lost sight of some, and waits for how many they are.
 * `majority`, `minority`: it stands with more than half of the nodes, or not. `reconciling`: the others are back, and
 * what was written apart is put together.
 */
export type Standing = 'normal' | 'unstable' | 'majority' | 'minority' | 'reconciling'

/** The cluster as this node sees it. */
export interface ClusterView {
  readonly standing: Standing
  /** Since when, in milliseconds since the Unix epoch. */
  readonly since: number
  /** Caxton nodes that were ever admitted and have neither left nor been removed, this one included. Outlives restarts. */
  readonly admitted: number
  /** Of these, those that answer now, this one included. */
  readonly reachable: number
  /** Whether this node may change what the whole cluster must agree on: everywhere but in a minority. */
  readonly isWritable: boolean
}

/** A few bytes that ride on probes between Caxton nodes. None of these may block. */
export interface Whisper {
  /** At most 64 bytes, the same for every node. */
  tell (): Uint8Array
  heard (nodeId: string, bytes: Uint8Array): void
}

/** Which nodes live. Everything answers from memory unless it gives a promise. */
export interface Membership {
  self (): Member
  /** Everybody, this node included, by node id. */
  members (): readonly Member[]
  member (nodeId: string): Member | undefined
  view (): ClusterView
  /** Calls back for each change of another node, in order, until `signal` aborts. Callbacks must not block. */
  onChange (changed: (change: MemberChange) => void, signal: AbortSignal): void
  /** Calls back whenever {@link view} changes, until `signal` aborts. */
  onView (changed: (view: ClusterView) => void, signal: AbortSignal): void
  /** Makes known how this node is reached, then joins the configured seeds. Called once, by the kernel, when its ports are open. */
  advertise (roads: readonly NodeRoad[]): void
  /** What was written apart has been put together: `reconciling` is over. Called by the kernel. */
  reconciled (): void
  /**
   * Joins through these nodes, each `host[:port]` or a DNS name; none: through those of the configuration, and the members that
   * are known. Not after it left. Resolves to how many answered. Rejects with `CLUSTER_JOIN_FAILED` when none did.
   */
  join (seeds: readonly string[], signal: AbortSignal): Promise<number>
  /** Tells everybody that this node goes for good, and stops taking part. */
  leave (signal: AbortSignal): Promise<void>
  /** Forgets a node that is dead, for the whole cluster. Rejects with `CLUSTER_NODE_UNKNOWN`, or `CLUSTER_NODE_ALIVE` unless forced. */
  remove (nodeId: string, force: boolean): Promise<void>
  /**
   * One probe; resolves to its round trip in milliseconds. Rejects with `CLUSTER_NODE_UNKNOWN`, `CLUSTER_NODE_SILENT` or the signal's
   * reason.
   */
  ping (nodeId: string, signal: AbortSignal): Promise<number>
  /** A connection to this node broke: it is probed at once. It accuses nobody. */
  doubt (nodeId: string): void
  /** Lets bytes ride on probes. At most one. */
  whisper (whisper: Whisper): void
}

export const MembershipToken = token<Membership>('caxton/membership@1')
