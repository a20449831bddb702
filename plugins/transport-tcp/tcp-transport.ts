import { connect, type Socket } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import {
  ClockToken, IdentityToken, inject, injectable, isLoopback, Links, ListenersToken, MetricsToken, misnamed, NodeToken, optional,
  PluginConfig, PluginContextToken, SecurityEventsToken, TransportCredentialsMissing, unreachable,
  type Clock, type Identity, type Link, type LinkEvents,
  type Listeners, type Listening, type Metrics, type NodeFacts, type PeerAddress, type PluginContext, type PluginLife, type Proof,
  type SecurityEvents, type Transport,
} from '../../kernel/contract/index.js'
import { connected } from './connected.js'
import { LinkTls } from './link-tls.js'
import { troubleIn } from './socket-trouble.js'
import { remoteOf, SocketWire } from './socket-wire.js'
import type { TcpTransportConfig } from './tcp-transport-config.js'

const ONLY_LOOPBACK = 'without a certificate, this node speaks with nodes on loopback only'

/** Links over TCP: under mutual TLS if the node has credentials, else on loopback only. */
@injectable()
export class TcpTransport implements Transport, PluginLife {
  readonly name = 'tcp'
  readonly driver = 'tcp'
  readonly #links: Links
  readonly #sockets = new Set<Socket>()
  readonly #over = new AbortController()
  #tls: LinkTls | undefined
  #listening: Listening | undefined
  #isRunning = false

  constructor (
    @inject(NodeToken) node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(ListenersToken) private readonly listeners: Listeners,
    @inject(optional(IdentityToken)) private readonly identity: Identity | undefined,
    @inject(MetricsToken) metrics: Metrics,
    @inject(SecurityEventsToken) events: SecurityEvents,
    @inject(PluginConfig) private readonly config: TcpTransportConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    const self = { transport: this.name, nodeId: node.nodeId, version: node.version }
    this.#links = new Links(self, config, clock, context.log, metrics, events)
  }

  get isEncrypted (): boolean {
    return this.#tls !== undefined
  }

  async start (): Promise<void> {
    if (this.config.tls !== 'off' && this.identity?.credentials() !== undefined) this.#tls = new LinkTls(this.identity)
    if (this.config.tls === 'required' && !this.#tls) throw TransportCredentialsMissing({ instance: this.context.instance })
    this.#isRunning = true
  }

  async stop (): Promise<void> {
    this.#isRunning = false
    this.#over.abort(new Error('the transport has stopped'))
    await this.#listening?.close()
    await this.#links.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  async serve (events: LinkEvents): Promise<{ readonly port: number }> {
    const { host, port } = this.config
    const isSecure = this.#tls !== undefined
    const take = this.#tls ? this.#securing(this.#tls, events) : (socket: Socket) => {
      this.#links.accept(new SocketWire(socket), { doubt: () => undefined }, events)
    }
    this.#listening = await this.listeners.listen({
      purpose: 'other nodes (TCP)', host, port, protection: { encrypted: isSecure, authenticated: isSecure },
    }, socket => {
      this.#keep(socket)
      take(socket)
    })
    return { port: this.#listening.port }
  }

  async dial (peer: PeerAddress, events: LinkEvents, signal: AbortSignal): Promise<Link> {
    signal.throwIfAborted()
    if (!this.#isRunning) throw unreachable(peer, 'this node\'s transport does not run')
    const socket = this.#tls?.dial(peer.host, peer.port, peer.nodeId) ?? connect({ host: peer.host, port: peer.port })
    this.#keep(socket)
    const reason = await connected(socket, this.clock, this.config.connect_timeout, AbortSignal.any([signal, this.#over.signal]))
    if (signal.aborted) socket.destroy()
    signal.throwIfAborted()
    if (reason !== undefined) throw unreachable(peer, reason)
    socket.setNoDelay(true)
    const wire = new SocketWire(socket)
    const proof = this.#proofOf(socket)
    if (typeof proof !== 'string') return this.#links.dial(wire, proof, peer, events, signal)
    this.#links.turnAway(wire, proof)
    throw unreachable(peer, proof)
  }

  #securing (tls: LinkTls, events: LinkEvents): (socket: Socket) => void {
    const server = tls.server(this.config.connect_timeout, socket => { this.#admit(socket, events) }, (error, socket) => {
      this.#links.failed(remoteOf(socket), troubleIn(error), socket.bytesRead === 0)
      socket.destroy()
    })
    this.identity?.onChange(() => { this.#renew(tls, server) }, this.#over.signal)
    return socket => { server.emit('connection', socket) }
  }

  #admit (socket: TLSSocket, events: LinkEvents): void {
    this.#keep(socket)
    const wire = new SocketWire(socket)
    const proof = this.#proofOf(socket)
    if (typeof proof === 'string') this.#links.turnAway(wire, proof)
    else this.#links.accept(wire, proof, events)
  }

  /**
   * With TLS the certificate must be that of the node which the hello names; without, everybody on this machine is believed. A text is
   * why the other end will not do, whatever it says.
   */
  #proofOf (socket: Socket | TLSSocket): Proof | string {
    if (!('authorized' in socket) || this.#tls === undefined) {
      return isLoopback(socket.remoteAddress ?? '') ? { doubt: () => undefined } : ONLY_LOOPBACK
    }
    const certificate = this.#tls.trusted(socket)
    if (typeof certificate === 'string') return certificate
    return { doubt: ({ nodeId }) => misnamed(certificate, nodeId), certificate: () => certificate }
  }

  #renew (tls: LinkTls, server: Server): void {
    try {
      tls.renew(server)
      this.#links.revoke(tls.revocations)
      this.context.log.info('new links to other nodes use the new certificate')
    } catch (error) {
      this.context.log.error('the new certificate can not be used; links to other nodes keep the old one', { error })
    }
  }

  #keep (socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => { this.#sockets.delete(socket) })
    socket.on('error', error => { this.context.log.debug('a connection failed', { remote: remoteOf(socket), reason: troubleIn(error) }) })
  }
}
