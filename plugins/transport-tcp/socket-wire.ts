import type { Socket } from 'node:net'
import type { Wire, WireReceiver } from '../../kernel/contract/index.js'
import { troubleIn } from './socket-trouble.js'

/** A wire over a TCP connection, with TLS or without. */
export class SocketWire implements Wire {
  readonly remote: string
  #trouble: string | undefined

  constructor (private readonly socket: Socket) {
    this.remote = remoteOf(socket)
    socket.on('error', error => { this.#trouble ??= troubleIn(error) })
  }

  open (receiver: WireReceiver): void {
    const { socket } = this
    socket.on('data', (chunk: Buffer) => { receiver.bytes(chunk) })
    socket.on('close', () => { receiver.ended(this.#trouble ?? 'the connection was closed') })
  }

  write (parts: readonly Uint8Array[], written: () => void): void {
    const { socket } = this
    const done = (error?: Error | null): void => { if (!error) written() }
    const last = parts.length - 1
    if (last > 0) socket.cork()
    parts.forEach((part, index) => { socket.write(part, index === last ? done : undefined) })
    if (last > 0) socket.uncork()
  }

  end (): void {
    this.socket.destroySoon()
  }

  destroy (): void {
    this.socket.destroy()
  }
}

/** `127.0.0.2:7947`. */
export const remoteOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress ?? 'an unknown address'}:${remotePort ?? 0}`
