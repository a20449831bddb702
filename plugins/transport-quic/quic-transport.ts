import {
  ClockToken, IdentityToken, inject, injectable, isLoopback, Links, ListenersToken, MetricsToken, NodeToken, optional,
  PluginConfig, PluginContextToken, RandomToken, Revocations, SecurityEventsToken, unreachable, type Clock, type Health,
  type Identity, type Link, type LinkEvents, type Listeners, type Listening, type Metrics, type NodeFacts, type PeerAddress,
  type PluginContext, type PluginLife, type Proof, type Random, type SecurityEvents, type Transport,
} from '../../kernel/contract/index.js'
import { chooseDriver, loadDriver, reasonOf } from './choose-driver.js'
import { nodeProof, type Role } from './node-proof.js'
import type { Channel, ChannelServer, OpenTcp, QuicDriver } from './quic-driver.js'
import type { QuicTransportConfig } from './quic-transport-config.js'

const ONLY_LOOPBACK = 'without a certificate, this node speaks with nodes on loopback only'
const believed: Proof = { doubt: () => undefined }

/** Links over QUIC by whichever driver is installed. Nodes prove who they are behind its own handshake. */
@injectable()
export class QuicTransport implements Transport, PluginLife {
  readonly name = 'quic'
  /** Every driver is, whether or not nodes have certificates. */
  readonly isEncrypted = true
  readonly #links: Links
  readonly #over = new AbortController()
  #driver: QuicDriver | undefined
  #server: ChannelServer | undefined
  #noted: Listening | undefined

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) private readonly random: Random,
    @inject(ListenersToken) private readonly listeners: Listeners,
    @inject(optional(IdentityToken)) private readonly identity: Identity | undefined,
    @inject(MetricsToken) metrics: Metrics,
    @inject(SecurityEventsToken) events: SecurityEvents,
    @inject(PluginConfig) private readonly config: QuicTransportConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.#links = new Links({ transport: 'quic', nodeId: node.nodeId, version: node.version }, config, clock, context.log, metrics, events)
  }

  get driver (): string {
    return this.#driver?.name ?? 'none'
  }

  async start (): Promise<void> {
    const { clock, config, context } = this
    const { name, loaded: make, missing } = await chooseDriver(config.driver, context.instance, loadDriver)
    this.#driver = make(config, clock, context.log)
    if (name === 'webtransport-h2') context.log.warn('QUIC is not used: links go over HTTP/2 on TCP in its place', missing)
    context.log.info('QUIC is carried by a driver', { driver: this.driver })
    this.identity?.onChange(() => { this.#endRevoked() }, this.#over.signal)
  }

  async stop (): Promise<void> {
    this.#over.abort(new Error('the transport has stopped'))
    await this.#noted?.close()
    await this.#links.close()
    await this.#server?.close()
    await this.#driver?.stop()
    this.#driver = undefined
  }

  health (): Health {
    if (this.#driver?.name !== 'webtransport-h2') return { state: 'ready' }
    return { state: 'ready', detail: 'links go over HTTP/2 on TCP, because no QUIC is installed' }
  }

  async serve (events: LinkEvents): Promise<{ readonly port: number }> {
    const driver = this.#driver
    if (!driver) throw new Error('the transport does not run')
    const { host, port } = this.config
    const isProven = this.identity?.credentials() !== undefined
    const request = { purpose: `other nodes (${driver.name})`, host, protection: { encrypted: true, authenticated: isProven } }
    // Asked before the port is opened, and noted with the port that the system has chosen.
    await this.listeners.note({ ...request, port }).close()
    const openTcp: OpenTcp = (chosen, accept) => this.listeners.listen({ ...request, port: chosen }, accept)
    this.#server = await driver.serve(host, port, channel => { this.#accept(channel, events) }, openTcp)
    this.#noted = this.listeners.note({ ...request, port: this.#server.port })
    return { port: this.#server.port }
  }

  async dial (peer: PeerAddress, events: LinkEvents, signal: AbortSignal): Promise<Link> {
    signal.throwIfAborted()
    const driver = this.#driver
    if (!driver) throw unreachable(peer, 'this node\'s transport does not run')
    const either = AbortSignal.any([signal, this.#over.signal])
    const channel = await this.#channel(driver, peer, either).catch((error: unknown) => {
      signal.throwIfAborted()
      throw unreachable(peer, reasonOf(error), error)
    })
    const terms = this.#termsOf(channel, 'dialer')
    if (typeof terms !== 'string') return this.#links.dial(channel.wire, terms.proof, peer, events, signal, terms.nonce)
    this.#links.turnAway(channel.wire, terms)
    throw unreachable(peer, terms)
  }

  /** A channel that comes too late is closed again; the attempt ends with the time for it. */
  #channel (driver: QuicDriver, { host, port }: PeerAddress, signal: AbortSignal): Promise<Channel> {
    return new Promise((resolve, reject) => {
      const attempt = new AbortController()
      let isLate = false
      const leave = (): void => {
        isLate = true
        timer.cancel()
        signal.removeEventListener('abort', abort)
      }
      const abort = (): void => { fail(signal.reason) }
      const fail = (error: unknown): void => {
        leave()
        attempt.abort(error)
        reject(error instanceof Error ? error : new Error(String(error)))
      }
      const late = `it did not answer within ${this.config.connect_timeout} ms`
      const timer = this.clock.after(this.config.connect_timeout, () => { fail(new Error(late)) })
      signal.addEventListener('abort', abort, { once: true })
      driver.dial(host, port, attempt.signal).then(channel => {
        if (isLate) return channel.wire.destroy()
        leave()
        resolve(channel)
      }, fail)
    })
  }

  #accept (channel: Channel, events: LinkEvents): void {
    const terms = this.#termsOf(channel, 'listener')
    if (typeof terms === 'string') this.#links.turnAway(channel.wire, terms)
    else this.#links.accept(channel.wire, terms.proof, events, terms.nonce)
  }

  #endRevoked (): void {
    const credentials = this.identity?.credentials()
    if (credentials !== undefined) this.#links.revoke(Revocations.of(credentials))
  }

  /** How the two ends prove who they are; a text is why they need not try. */
  #termsOf ({ identity: channel, address }: Channel, role: Role): { readonly proof: Proof, readonly nonce?: string } | string {
    const credentials = this.identity?.credentials()
    if (credentials === undefined) return isLoopback(address) ? { proof: believed } : ONLY_LOOPBACK
    const nonce = Buffer.from(this.random.bytes(32)).toString('base64')
    const scene = { nodeId: this.node.nodeId, role, nonce, channel }
    return { proof: nodeProof(scene, credentials, () => this.clock.now()), nonce }
  }
}
