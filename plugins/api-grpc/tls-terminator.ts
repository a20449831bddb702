import type { Socket } from 'node:net'
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls'
import type { Credentials, Logger } from '../../kernel/contract/index.js'

/** Whether callers may or must show a certificate. */
export type ClientCertificates = 'none' | 'optional' | 'required'

const HANDSHAKE_TIMEOUT = 10_000

/**
 * TLS for sockets that were accepted elsewhere. Done here and not by grpc-js, for a handshake deadline, certificates
 * that change while the port stays open, and client certificates that may be left out but are never taken unverified.
 */
export class TlsTerminator {
  private readonly server: Server

  constructor (
    credentials: Credentials,
    private readonly clients: ClientCertificates,
    private readonly secured: (socket: TLSSocket) => void,
    private readonly log: Logger,
  ) {
    this.server = createServer({
      ...contextOf(credentials),
      ALPNProtocols: ['h2'],
      requestCert: clients !== 'none',
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT,
    }, socket => { this.admit(socket) })
    this.server.on('tlsClientError', (error, socket) => {
      this.log.debug('a TLS handshake failed', { address: socket.remoteAddress, error: error.message })
      socket.destroy()
    })
  }

  accept (socket: Socket): void {
    this.server.emit('connection', socket)
  }

  /** New connections get the new certificate; open ones keep theirs. */
  rotate (credentials: Credentials): void {
    this.server.setSecureContext(contextOf(credentials))
  }

  private admit (socket: TLSSocket): void {
    socket.on('error', (error: Error) => { this.log.debug('a connection failed', { error: error.message }) })
    const shown = socket.getPeerX509Certificate() !== undefined
    const fine = this.clients === 'none' || (shown ? socket.authorized : this.clients === 'optional')
    if (fine) {
      this.secured(socket)
    } else {
      const because = shown ? socket.authorizationError : 'none was shown'
      this.log.debug('a client certificate was refused', { address: socket.remoteAddress, because })
      socket.destroy()
    }
  }
}

function contextOf ({ key, chain, trust }: Credentials): SecureContextOptions {
  return { key, cert: chain, ca: trust, minVersion: 'TLSv1.2' }
}
