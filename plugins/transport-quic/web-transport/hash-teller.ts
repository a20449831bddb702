import type { Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import type { ShortCertificate } from './short-certificate.js'

/** How long somebody who was shown it may take to end the connection, in milliseconds. */
const FAREWELL = 5000

/** HTTP/3 has no port of TCP: this one shows its certificate there, and nothing else. */
export class HashTeller {
  readonly #server: Server

  constructor ({ certificate, key }: ShortCertificate) {
    const options = { cert: certificate, key, minVersion: 'TLSv1.3', handshakeTimeout: 5000 } as const
    this.#server = createServer({ ...options, ALPNProtocols: ['h2'] }, socket => {
      socket.on('error', () => {})
      socket.setTimeout(FAREWELL, () => { socket.destroy() })
      socket.end()
    })
    this.#server.on('tlsClientError', (_error, socket) => { socket.destroy() })
  }

  renew ({ certificate, key }: ShortCertificate): void {
    this.#server.setSecureContext({ cert: certificate, key, minVersion: 'TLSv1.3' })
  }

  readonly accept = (socket: Socket): void => {
    socket.on('error', () => {})
    this.#server.emit('connection', socket)
  }
}
