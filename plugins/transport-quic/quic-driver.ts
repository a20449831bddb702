import type { Socket } from 'node:net'
import type { Listening, Wire } from '../../kernel/contract/index.js'

/** One way to carry links over QUIC, or in its place. Two nodes need the same one. */
export type QuicDriverName = 'webtransport-h3' | 'libp2p' | 'webtransport-h2'

/** A connection to another node: its one stream. */
export interface Channel {
  readonly wire: Wire
  /** The same bytes at both ends of this connection, and of no other: what binds a proof to it. */
  readonly identity: Uint8Array
  /** IP address of the other end. */
  readonly address: string
}

/** Opens a port of TCP on the host that the operator has chosen. */
export type OpenTcp = (port: number, accept: (socket: Socket) => void) => Promise<Listening>

/** Takes connections until it is closed. */
export interface ChannelServer {
  readonly port: number
  close (): Promise<void>
}

export interface QuicDriver {
  readonly name: QuicDriverName
  /** `accept` must not block. Rejects with the system's error. */
  serve (host: string, port: number, accept: (channel: Channel) => void, openTcp: OpenTcp): Promise<ChannelServer>
  /** Rejects with a reason in the operator's words, or when the signal aborts. */
  dial (host: string, port: number, signal: AbortSignal): Promise<Channel>
  /** Ends everything that is open. */
  stop (): Promise<void>
}

/** What a driver has to know. */
export interface DriverSettings {
  readonly keepalive: number
  readonly keepalive_timeout: number
  readonly connect_timeout: number
}
