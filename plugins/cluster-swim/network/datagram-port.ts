import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Address } from './network.js'

/** What the system is asked to keep of packets that wait; halved until it agrees. */
const RECEIVE_BUFFER = 2 * 1024 * 1024
const SMALLEST_BUFFER = 64 * 1024

export interface DatagramEvents {
  packet (from: Address, bytes: Uint8Array): void
  unreachable (to: Address): void
  failed (error: Error): void
}

/** One UDP port, which `Listeners.note` has allowed. */
export class DatagramPort {
  #isClosed = false

  private constructor (private readonly socket: Socket, private readonly events: DatagramEvents) {}

  /** Rejects with the system's error. */
  static open ({ host, port }: Address, events: DatagramEvents): Promise<DatagramPort> {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ address: host, port, exclusive: true }, () => {
        socket.off('error', reject)
        socket.on('error', error => { events.failed(error) })
        socket.on('message', (bytes, { address, port: from }) => { events.packet({ host: plainHost(address), port: from }, bytes) })
        widen(socket)
        resolve(new DatagramPort(socket, events))
      })
    })
  }

  send (to: Address, packet: Uint8Array): void {
    // No host and port 0 are what others may claim, and nobody has; for the system's module they are a bug of ours, or this machine.
    if (this.#isClosed || to.port === 0 || to.host === '') return
    this.socket.send(packet, to.port, to.host, error => {
      if (error !== null && !this.#isClosed) this.events.unreachable(to)
    })
  }

  close (): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    this.#isClosed = true
    return new Promise(resolve => { this.socket.close(() => { resolve() }) })
  }
}

/** An IPv4 address without the clothes of IPv6. */
export const plainHost = (address: string): string => address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address

function widen (socket: Socket): void {
  for (let size = RECEIVE_BUFFER; size >= SMALLEST_BUFFER; size /= 2) {
    try {
      socket.setRecvBufferSize(size)
      return
    } catch {
      // The system allows less.
    }
  }
}
