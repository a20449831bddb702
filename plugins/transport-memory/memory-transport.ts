import {
  ClockToken, inject, injectable, NodeToken, optional, PluginConfig, TransportUnreachable,
  type Clock, type Link, type LinkEvents, type NodeFacts, type PeerAddress, type PluginLife, type Transport,
} from '../../kernel/contract/index.js'
import { MemoryLink, reasonOf } from './memory-link.js'
import { MemoryNetworkToken } from './memory-network-token.js'
import { MemoryNetwork } from './memory-network.js'
import type { MemoryTransportConfig } from './memory-transport-config.js'

/** Carries frames within this process, with the clock's time. */
@injectable()
export class MemoryTransport implements Transport, PluginLife {
  readonly name = 'memory'
  readonly driver = 'memory'
  readonly isEncrypted = false
  readonly #links = new Set<MemoryLink>()
  readonly #network: MemoryNetwork
  #isRunning = false
  #port: number | undefined

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(optional(MemoryNetworkToken)) network: MemoryNetwork | undefined,
    @inject(PluginConfig) private readonly config: MemoryTransportConfig,
  ) {
    this.#network = network ?? new MemoryNetwork()
  }

  async start (): Promise<void> {
    this.#isRunning = true
  }

  async stop (): Promise<void> {
    this.#isRunning = false
    if (this.#port !== undefined) this.#network.release(this.#port)
    this.#port = undefined
    await Promise.all([...this.#links].map(link => link.close()))
  }

  async serve (events: LinkEvents): Promise<{ readonly port: number }> {
    this.#port = this.#network.claim({ nodeId: this.node.nodeId, accept: from => this.#end(from, events) })
    return { port: this.#port }
  }

  async dial (peer: PeerAddress, events: LinkEvents, signal: AbortSignal): Promise<Link> {
    signal.throwIfAborted()
    await this.#travel(signal)
    const refuse = (reason: string): Error =>
      TransportUnreachable({ nodeId: peer.nodeId, address: `${peer.host}:${peer.port}`, reason })
    if (!this.#isRunning) throw refuse('this node\'s transport does not run')
    const listener = this.#network.find(peer.port)
    if (!listener) throw refuse('nobody listens there')
    if (listener.nodeId !== peer.nodeId) throw refuse(`node "${listener.nodeId}" answers there`)
    const dialing = this.#end(peer.nodeId, events)
    MemoryLink.join(dialing, listener.accept(this.node.nodeId))
    return dialing
  }

  /** Ends every link as a crash of this node would. */
  vanish (): void {
    for (const link of this.#links) link.lose('the other node is gone')
  }

  #end (nodeId: string, events: LinkEvents): MemoryLink {
    const link = new MemoryLink(nodeId, this.clock, this.config, events, ended => { this.#links.delete(ended) })
    this.#links.add(link)
    return link
  }

  /** Waits as long as a message to the other node is under way. */
  #travel (signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        timer.cancel()
        reject(reasonOf(signal))
      }
      const timer = this.clock.after(this.config.latency, () => {
        signal.removeEventListener('abort', abort)
        resolve()
      })
      signal.addEventListener('abort', abort, { once: true })
    })
  }
}
