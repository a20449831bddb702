import type { MemberState } from '../../../kernel/contract/index.js'

/**
 * What memberlist nodes say to one another (memberlist 0.2 to 0.6, protocol versions 1 to 5), as types that cannot be wrong: names are
 * not empty, numbers are in range, hosts are IP addresses in text (`127.0.0.1`, `2001:db8::1`; an IPv4 address mapped into IPv6 reads as
 * IPv4). Bytes that were received are views of the packet: whoever keeps them for long copies them.
 */

/** What a node speaks: the version it uses, and the ranges that it understands, for memberlist and for what stands on it (Serf). */
export interface Versions {
  /** memberlist's protocol: we say 1 to 5, and speak 2. */
  readonly minimum: number
  readonly maximum: number
  readonly current: number
  /** Serf's protocol: we say 2 to 5, and speak 5. */
  readonly delegateMinimum: number
  readonly delegateMaximum: number
  readonly delegateCurrent: number
}

/** Who asks, and where an answer goes. */
export interface Source {
  readonly node: string
  readonly host: string
  readonly port: number
}

export interface Ping {
  readonly kind: 'ping'
  /** 0 to 2^32 - 1; the answer carries the same. */
  readonly sequence: number
  /** Who is meant; empty: whoever listens there. */
  readonly node: string
  /** Undefined: the answer goes where the packet came from. */
  readonly source: Source | undefined
  /** Private bytes among Caxton nodes, at most 256, empty for none. Other nodes pass over them. */
  readonly extension: Uint8Array
}

/** Asks a third node to ping the target. */
export interface IndirectPing {
  readonly kind: 'indirect-ping'
  readonly sequence: number
  readonly node: string
  readonly host: string
  readonly port: number
  /** Whether a nack is wanted when the target stays silent. */
  readonly wantsNack: boolean
  readonly source: Source | undefined
}

export interface Ack {
  readonly kind: 'ack'
  readonly sequence: number
  /** Serf's agents: the node's coordinate. Among Caxton nodes: private bytes. Empty for none. */
  readonly payload: Uint8Array
}

export interface Nack {
  readonly kind: 'nack'
  readonly sequence: number
}

export interface Suspect {
  readonly kind: 'suspect'
  readonly node: string
  /** 0 to 2^32 - 1. */
  readonly incarnation: number
  readonly from: string
}

export interface Alive {
  readonly kind: 'alive'
  readonly node: string
  readonly incarnation: number
  readonly host: string
  /** 0: the port that the receiver has itself (protocol version 1). */
  readonly port: number
  /** At most 512 bytes; see `decodeTags`. */
  readonly meta: Uint8Array
  /** Undefined where the sender told none. */
  readonly versions: Versions | undefined
}

export interface Dead {
  readonly kind: 'dead'
  readonly node: string
  readonly incarnation: number
  /** The node itself: it left. */
  readonly from: string
}

/** Opaque to memberlist; see `decodeSerfMessage`. */
export interface User {
  readonly kind: 'user'
  readonly bytes: Uint8Array
}

/** A node as one side of a push/pull knows it. */
export interface NodeRecord {
  readonly node: string
  readonly host: string
  readonly port: number
  readonly meta: Uint8Array
  readonly incarnation: number
  readonly state: MemberState
  readonly versions: Versions | undefined
}

/** All that a node knows, over a stream. The answer is another one, with the same `join`. */
export interface PushPull {
  readonly kind: 'push-pull'
  /** Whether this is the first contact. */
  readonly join: boolean
  /** At most 2^20. */
  readonly nodes: readonly NodeRecord[]
  /** At most 20 MiB; see `decodeSerfMessage`: a `state`. */
  readonly userState: Uint8Array
}

/** Why a stream is given up. */
export interface Failure {
  readonly kind: 'failure'
  readonly reason: string
}

/** What comes in packets. */
export type PacketMessage = Ping | IndirectPing | Ack | Nack | Suspect | Alive | Dead | User

/** What comes over streams. */
export type StreamMessage = Ping | Ack | User | PushPull | Failure
