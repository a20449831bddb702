import { connect, type Socket } from 'node:net'
import { plainHost } from './datagram-port.js'
import { addressText, type Address, type Stream, type StreamEvents } from './network.js'

/** A TCP connection as the protocol sees it. */
export class SocketStream implements Stream {
  constructor (private readonly socket: Socket, readonly peer: Address) {}

  write (bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes)
  }

  end (): void {
    this.socket.end()
  }

  destroy (): void {
    this.socket.destroy()
  }

  /** Tells what comes. */
  hear (events: StreamEvents): void {
    let reason: string | undefined
    this.socket.on('data', bytes => { events.bytes(bytes) })
    this.socket.on('error', error => { reason = error.message })
    this.socket.once('close', () => { events.closed(reason) })
  }
}

/** Of a connection that came in. */
export const incomingStream = (socket: Socket): SocketStream =>
  new SocketStream(socket, { host: plainHost(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 })

/** `from`: the address of this node, so that others see where it comes from; undefined for any. */
export function dialStream (
  to: Address, from: string | undefined, events: StreamEvents, signal: AbortSignal,
): Promise<{ readonly stream: SocketStream, readonly socket: Socket }> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const socket = connect({ host: to.host, port: to.port, noDelay: true, ...from === undefined ? {} : { localAddress: from } })
    const failed = (error: Error): void => {
      signal.removeEventListener('abort', aborted)
      socket.destroy()
      reject(new Error(`${addressText(to)} can't be reached: ${error.message}`, { cause: error }))
    }
    const aborted = (): void => { failed(signal.reason instanceof Error ? signal.reason : new Error('it was called off')) }
    socket.once('error', failed)
    signal.addEventListener('abort', aborted, { once: true })
    socket.once('connect', () => {
      socket.off('error', failed)
      signal.removeEventListener('abort', aborted)
      const stream = new SocketStream(socket, to)
      stream.hear(events)
      resolve({ stream, socket })
    })
  })
}
