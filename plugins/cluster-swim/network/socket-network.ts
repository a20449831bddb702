import type { Socket } from 'node:net'
import type { Listeners, Listening, Logger, Protection } from '../../../kernel/contract/index.js'
import { ClusterPortTaken } from '../cluster-errors.js'
import { DatagramPort } from './datagram-port.js'
import type { Address, Network, NetworkEvents, Stream, StreamEvents } from './network.js'
import { dialStream, incomingStream } from './socket-stream.js'

/** How often a pair of ports is looked for where the system chooses. */
const TRIES = 10
/** What others may have open at once. */
const MOST_CONNECTIONS = 256

export interface SocketNetworkOptions {
  readonly host: string
  /** 0: the system chooses, the same for UDP and TCP. */
  readonly port: number
  readonly protection: Protection
}

/** UDP and TCP of this machine, under one port number. */
export class SocketNetwork implements Network {
  readonly #sockets = new Set<Socket>()
  #listening: Listening | undefined
  #noted: Listening | undefined
  #datagrams: DatagramPort | undefined

  constructor (
    private readonly options: SocketNetworkOptions,
    private readonly listeners: Listeners,
    private readonly log: Logger,
  ) {}

  async open (events: NetworkEvents): Promise<Address> {
    for (let tried = 1; ; tried++) {
      const address = await this.#listen(events)
      try {
        await this.#bind(address, events)
        return address
      } catch (error) {
        await this.close()
        if (this.options.port === 0 && tried < TRIES) continue
        const reason = error instanceof Error ? error.message : String(error)
        throw ClusterPortTaken({ host: address.host, port: address.port, reason }, { cause: error })
      }
    }
  }

  send (to: Address, packet: Uint8Array): void {
    this.#datagrams?.send(to, packet)
  }

  async dial (to: Address, events: StreamEvents, signal: AbortSignal): Promise<Stream> {
    const { stream, socket } = await dialStream(to, this.#source(), events, signal)
    this.#keep(socket)
    return stream
  }

  async close (): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
    await Promise.all([this.#listening?.close(), this.#noted?.close(), this.#datagrams?.close()])
    this.#listening = undefined
    this.#noted = undefined
    this.#datagrams = undefined
  }

  async #listen (events: NetworkEvents): Promise<Address> {
    const { host, port, protection } = this.options
    const request = { purpose: 'gossip', host, port, protection, maxConnections: MOST_CONNECTIONS }
    const listening = await this.listeners.listen(request, socket => {
      this.#keep(socket)
      const stream = incomingStream(socket)
      stream.hear(events.stream(stream))
    })
    this.#listening = listening
    return { host, port: listening.port }
  }

  async #bind (address: Address, events: NetworkEvents): Promise<void> {
    this.#noted = this.listeners.note({ purpose: 'gossip (UDP)', ...address, protection: this.options.protection })
    this.#datagrams = await DatagramPort.open(address, {
      packet: (from, bytes) => { events.packet(from, bytes) },
      unreachable: to => { events.unreachable(to) },
      failed: error => { this.log.error('the UDP port of gossip failed', { error }) },
    })
  }

  /** So that the others see the address that they know. */
  #source (): string | undefined {
    const { host } = this.options
    return host === '0.0.0.0' || host === '::' ? undefined : host
  }

  #keep (socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => { this.#sockets.delete(socket) })
  }
}
