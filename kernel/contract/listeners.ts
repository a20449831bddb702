import type { Socket } from 'node:net'
import { token } from './token.js'

/** What protects the connections of a listener. */
export interface Protection {
  /** TLS, or its like, on every connection. */
  readonly encrypted: boolean
  /**
   * Who makes peers prove who they are. `operations`: the operations chain, through which everything on the connection
   * goes; it counts only if an authenticator is configured. `true`: the listener itself, before anything else (mutual
   * TLS). `false`: nobody.
   */
  readonly authenticated: boolean | 'operations'
}

/** What a plugin wants to listen on. */
export interface ListenRequest {
  /** For the operator's list of ports: `gRPC API`. */
  readonly purpose: string
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly protection: Protection
  /** Most connections open at once; further ones are closed at once. Default 10,000. */
  readonly maxConnections?: number
  /** Of these, most from one address, or for IPv6 one network of 64 bits; further ones are closed at once. Default: all. */
  readonly maxPerAddress?: number
}

/** An open port. */
export interface Listening {
  readonly purpose: string
  readonly host: string
  readonly port: number
  /** Stops accepting; open connections stay the plugin's to end. Resolves when the port is free. */
  close (): Promise<void>
}

/**
 * The only way for a plugin to open a port: one place that refuses an unprotected address, limits connections and knows
 * every port. A listener on an address other than loopback that is not encrypted, or behind which nobody authenticates,
 * is refused with `LISTENER_UNPROTECTED`. Called in `start`; `accept` must not block.
 */
export interface Listeners {
  listen (request: ListenRequest, accept: (socket: Socket) => void): Promise<Listening>
  /**
   * For a plugin that opens its port itself, because it is not for TCP (datagrams): refuses what {@link listen} would refuse, and lists
   * the port until it is closed. Called before the port is opened.
   */
  note (request: ListenRequest): Listening
  list (): readonly Listening[]
}

export const ListenersToken = token<Listeners>('caxton/listeners@1')
