import type { Socket } from 'node:net'
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls'
import type { Logger } from '../observe.js'
import { Revocations } from '../revocation/revocations.js'
import type { Credentials } from '../seams/identity.js'

/** Whether callers may or must show a certificate. */
export type ClientCertificates = 'none' | 'optional' | 'required'

/** What a connection is secured with. */
export interface TlsMaterial {
  readonly credentials: Credentials
  /** Authorities in PEM whose clients may show certificates, besides those that the node trusts. */
  readonly authorities: readonly string[]
}

/** How a terminator treats those who connect. */
export interface TlsTerms {
  readonly clients: ClientCertificates
  /** The oldest version of TLS that is spoken. */
  readonly minimum: '1.2' | '1.3'
  /** Longest time of a handshake, in milliseconds. */
  readonly handshake: number
  /** What is spoken inside, best first: `h2`, `http/1.1` (RFC 7301). */
  readonly protocols: readonly string[]
}

/**
 * TLS for sockets that were accepted elsewhere. Done here and not by each face's own server, for a handshake deadline, certificates
 * that change while the port stays open, and client certificates that may be left out but are never taken unverified.
 */
export class TlsTerminator {
  private readonly server: Server
  private revocations: Revocations

  /** Throws when the material can't be used. */
  constructor (
    material: TlsMaterial,
    private readonly terms: TlsTerms,
    private readonly secured: (socket: TLSSocket) => void,
    private readonly log: Logger,
  ) {
    this.revocations = revocationsOf(material.credentials)
    this.server = createServer({
      ...this.contextOf(material),
      ALPNProtocols: [...terms.protocols],
      requestCert: terms.clients !== 'none',
      rejectUnauthorized: false,
      handshakeTimeout: terms.handshake,
    }, socket => { this.admit(socket) })
    this.server.on('tlsClientError', (error, socket) => {
      this.log.debug('a TLS handshake failed', { address: socket.remoteAddress, error: error.message })
      socket.destroy()
    })
  }

  accept (socket: Socket): void {
    this.server.emit('connection', socket)
  }

  /** New connections get the new certificate; open ones keep theirs. Throws when the material can't be used, and changes nothing then. */
  rotate (material: TlsMaterial): void {
    const revocations = revocationsOf(material.credentials)
    this.server.setSecureContext(this.contextOf(material))
    this.revocations = revocations
  }

  private admit (socket: TLSSocket): void {
    socket.on('error', (error: Error) => { this.log.debug('a connection failed', { error: error.message }) })
    const because = this.objection(socket)
    if (because === undefined) return this.secured(socket)
    this.log.info('a client certificate was refused', { address: socket.remoteAddress, because })
    socket.destroy()
  }

  private objection (socket: TLSSocket): string | undefined {
    if (this.terms.clients === 'none') return undefined
    const shown = socket.getPeerX509Certificate()
    if (shown === undefined) return this.terms.clients === 'required' ? 'none was shown' : undefined
    // In Node this is the code of an error, whatever its type says.
    if (!socket.authorized) return String(socket.authorizationError)
    return this.revocations.since(shown.raw) === undefined ? undefined : 'it was revoked'
  }

  private contextOf ({ credentials: { key, chain, trust }, authorities }: TlsMaterial): SecureContextOptions {
    return { key, cert: chain, ca: [trust, ...authorities.filter(pem => pem !== '')], minVersion: `TLSv${this.terms.minimum}` }
  }
}

function revocationsOf ({ revoked, trust }: Credentials): Revocations {
  if (revoked === undefined) return Revocations.none
  const revocations = Revocations.read(revoked, trust)
  if (typeof revocations === 'string') throw new Error(`the node's revocation lists can't be used: ${revocations}`)
  return revocations
}
