import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import {
  connect, createSecureContext, createServer,
  type ConnectionOptions, type SecureContext, type SecureContextOptions, type Server, type TLSSocket,
} from 'node:tls'
import { misnamed, REVOKED, Revocations, type Credentials, type Identity } from '../../kernel/contract/index.js'
import { certificateTrouble } from './socket-trouble.js'

/** Keeps connections for links apart from others that the same certificates protect. */
const PROTOCOL = 'caxton-link'

/** Mutual TLS 1.3 between nodes, with the credentials that the node has at the moment. */
export class LinkTls {
  #credentials: Credentials | undefined
  #context: SecureContext | undefined
  #revocations = Revocations.none

  constructor (private readonly identity: Identity) {}

  /** Opens a connection to a node; who answers is to be asked with {@link LinkTls.trusted}. */
  dial (host: string, port: number, nodeId: string): TLSSocket {
    const options: ConnectionOptions = {
      host,
      port,
      secureContext: this.#contextNow(),
      ALPNProtocols: [PROTOCOL],
      servername: '',
      // Not to be trusted either, but the reason can be told to the other side then.
      rejectUnauthorized: false,
      checkServerIdentity: (_, { raw }) => {
        const reason = misnamed(raw, nodeId)
        return reason === undefined ? undefined : new Error(reason)
      },
    }
    return connect(options)
  }

  /** Secures accepted sockets that are handed to its `connection` event, until the identity gives no more credentials. */
  server (handshakeTimeout: number, secured: (socket: TLSSocket) => void, failed: (error: Error, socket: Socket) => void): Server {
    const server = createServer({
      ...contextOf(this.#credentialsNow()), ALPNProtocols: [PROTOCOL], requestCert: true, rejectUnauthorized: false, handshakeTimeout,
    }, secured)
    server.on('tlsClientError', failed)
    return server
  }

  /** New connections use the credentials that the node has now; open ones keep theirs. */
  renew (server: Server): void {
    server.setSecureContext(contextOf(this.#credentialsNow()))
    this.#contextNow()
  }

  /** What is revoked by the credentials that the node has. */
  get revocations (): Revocations {
    return this.#revocations
  }

  /** The certificate (DER) at the other end, or why it is not trusted. Asked once: Node takes it out of the client's connection. */
  trusted (socket: TLSSocket): Uint8Array | string {
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) return 'it shows no certificate'
    if (socket.alpnProtocol !== PROTOCOL) return 'it speaks TLS, but not the protocol of links'
    if (!socket.authorized) {
      const { authorizationError } = socket
      return certificateTrouble(authorizationError instanceof Error ? authorizationError.message : String(authorizationError))
    }
    return this.#revocations.since(certificate.raw) === undefined ? certificate.raw : REVOKED
  }

  #contextNow (): SecureContext {
    const before = this.#credentials
    const credentials = this.#credentialsNow()
    if (this.#context === undefined || credentials !== before) this.#context = createSecureContext(contextOf(credentials))
    return this.#context
  }

  /** Those before, if the node has lost its own. */
  #credentialsNow (): Credentials {
    const credentials = this.identity.credentials() ?? this.#credentials
    if (credentials === undefined) throw new Error('the node has no certificate')
    if (credentials !== this.#credentials) this.#revocations = Revocations.of(credentials)
    this.#credentials = credentials
    return credentials
  }
}

/** Without tickets: a session that is resumed would keep a trust that has been taken away. */
const contextOf = ({ key, chain, trust }: Credentials): SecureContextOptions =>
  ({ key, cert: chain, ca: trust, minVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET })
