import { lookup } from 'node:dns/promises'
import { isIPv6 } from 'node:net'
import { pause, type Clock } from '../../../kernel/contract/index.js'
import type { Channel, ChannelServer, DriverSettings, QuicDriver } from '../quic-driver.js'
import type { NativeClient, NativeConfig, NativeConnection, NativeQuic, NativeServer, NativeStream } from './native-quic.js'
import { NativeWire } from './native-wire.js'
import { makePeerKey, type PeerKey } from './peer-key.js'

/** Bytes that may be under way on one connection. */
const WINDOW = 4 * 2 ** 20
const SOCKET_BUFFER = 500_000
/** Milliseconds before a port that failed to give a connection is asked again, after the first failure and after many. */
const FIRST_PAUSE = 1
const LONGEST_PAUSE = 250

/**
 * QUIC by the native library. Its handshake proves an Ed25519 key on both sides, which is made anew in each process; what
 * binds it to the node is the proof that follows.
 */
export class NativeDriver implements QuicDriver {
  readonly name = 'libp2p'
  readonly #key: PeerKey = makePeerKey()
  readonly #config: NativeConfig
  readonly #connections = new Set<NativeConnection>()
  readonly #clients = new Map<number, NativeClient>()
  readonly #servers = new Map<NativeServer, AbortController>()
  #isStopped = false

  constructor (private readonly native: NativeQuic, private readonly settings: DriverSettings, private readonly clock: Clock) {
    const { keepalive, keepalive_timeout, connect_timeout } = settings
    this.#config = new native.QuinnConfig({
      privateKeyProto: this.#key.proto,
      handshakeTimeout: connect_timeout,
      // The heartbeat of links looks after their peers; this one ends what has no link.
      maxIdleTimeout: 2 * (keepalive + keepalive_timeout),
      keepAliveInterval: keepalive,
      maxConcurrentStreamLimit: 1,
      maxStreamData: WINDOW,
      maxConnectionData: WINDOW,
      receiveBufferSize: SOCKET_BUFFER,
      sendBufferSize: SOCKET_BUFFER,
    })
  }

  async serve (host: string, port: number, accept: (channel: Channel) => void): Promise<ChannelServer> {
    const { address } = await lookup(host)
    const server = new this.native.Server(this.#config, address, port)
    const over = new AbortController()
    this.#servers.set(server, over)
    void this.#acceptAll(server, accept, over.signal)
    return { port: server.port(), close: () => this.#close(server) }
  }

  async dial (host: string, port: number, signal: AbortSignal): Promise<Channel> {
    const { address } = await lookup(host)
    signal.throwIfAborted()
    if (this.#isStopped) throw new Error('the transport has stopped')
    const connection = await this.#client(address).outboundConnection(address, port).catch((error: unknown) => {
      throw new Error(`nobody answers there by QUIC (${error instanceof Error ? error.message : String(error)})`)
    })
    this.#connections.add(connection)
    try {
      signal.throwIfAborted()
      return this.#channel(connection, await connection.outboundStream(), 'dialer')
    } catch (error) {
      this.#drop(connection)
      throw error
    }
  }

  async stop (): Promise<void> {
    this.#isStopped = true
    for (const connection of this.#connections) this.#drop(connection)
    for (const client of this.#clients.values()) client.abort()
    this.#clients.clear()
    await Promise.all([...this.#servers.keys()].map(server => this.#close(server)))
  }

  async #close (server: NativeServer): Promise<void> {
    const over = this.#servers.get(server)
    if (over === undefined) return
    this.#servers.delete(server)
    // Before it ends: whoever waits for its connections asks again until then.
    over.abort()
    await server.abort()
  }

  async #acceptAll (server: NativeServer, accept: (channel: Channel) => void, over: AbortSignal): Promise<void> {
    let wait = FIRST_PAUSE
    while (!over.aborted) {
      const connection = await server.inboundConnection().catch(() => undefined)
      if (over.aborted) connection?.abort()
      else if (connection) {
        wait = FIRST_PAUSE
        void this.#accept(connection, accept)
      } else {
        // One peer's handshake failed, or the port itself has: that would fail again at once.
        await pause(this.clock, wait, over).catch(() => {})
        wait = Math.min(wait * 2, LONGEST_PAUSE)
      }
    }
  }

  /** A connection counts when its stream has begun. */
  async #accept (connection: NativeConnection, accept: (channel: Channel) => void): Promise<void> {
    this.#connections.add(connection)
    const timer = this.clock.after(this.settings.connect_timeout, () => { this.#drop(connection) })
    try {
      accept(this.#channel(connection, await connection.inboundStream(), 'listener'))
    } catch {
      this.#drop(connection)
    } finally {
      timer.cancel()
    }
  }

  #channel (connection: NativeConnection, stream: NativeStream, role: 'dialer' | 'listener'): Channel {
    const [, , address = '', , port = '', , , peer = ''] = connection.remoteMultiaddr().split('/')
    const ids = role === 'dialer' ? [this.#key.id, peer] : [peer, this.#key.id]
    const forget = (): void => { this.#connections.delete(connection) }
    return {
      wire: new NativeWire(`${address}:${port}`, connection, stream, forget),
      identity: new TextEncoder().encode(ids.join(' ')),
      address,
    }
  }

  #drop (connection: NativeConnection): void {
    this.#connections.delete(connection)
    connection.abort()
  }

  #client (address: string): NativeClient {
    const family = isIPv6(address) ? 1 : 0
    const known = this.#clients.get(family) ?? new this.native.Client(this.#config, family)
    this.#clients.set(family, known)
    return known
  }
}
