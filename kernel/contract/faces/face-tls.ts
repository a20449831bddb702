import type { Socket } from 'node:net'
import type { Logger } from '../observe.js'
import type { ClientTrust, Credentials, Identity } from '../seams/identity.js'
import type { Named } from '../token.js'
import { TlsCredentialsMissing } from './face-errors.js'
import type { FaceTlsConfig } from './face-tls-config.js'
import { TlsTerminator, type ClientCertificates, type TlsMaterial } from './tls-terminator.js'

/** What {@link FaceTls} works with. */
export interface FaceTlsParts {
  readonly identity: Identity | undefined
  /** Who knows callers by certificates. */
  readonly trusts: ReadonlyArray<Named<ClientTrust>>
  readonly config: FaceTlsConfig
  readonly instance: string
  /** For the log: `gRPC API`. */
  readonly purpose: string
  /** What is spoken inside TLS, best first: `h2`, `http/1.1` (RFC 7301). */
  readonly protocols: readonly string[]
  readonly log: Logger
}

/** Whether and how the face speaks TLS: with the node's certificate, and whose clients may show theirs. */
export class FaceTls {
  constructor (private readonly parts: FaceTlsParts) {}

  /** The certificate to serve with; undefined for none. Throws `TLS_CREDENTIALS_MISSING`. */
  credentials (): Credentials | undefined {
    const { config, identity, instance } = this.parts
    if (config.tls === 'off') return undefined
    const credentials = identity?.credentials()
    if (credentials === undefined && config.tls === 'required') throw TlsCredentialsMissing({ instance })
    return credentials
  }

  /** Takes sockets, and gives those whose handshake was well. Follows changes of certificates until `signal` aborts. */
  terminator (credentials: Credentials, secured: (socket: Socket) => void, signal: AbortSignal): (socket: Socket) => void {
    const { identity, trusts, config, log, purpose, protocols } = this.parts
    const terms = { clients: this.clients(), minimum: config.tls_minimum, handshake: config.handshake_timeout, protocols }
    const tls = new TlsTerminator(this.material(credentials), terms, secured, log)
    const renew = (): void => {
      try {
        const renewed = identity?.credentials()
        if (renewed === undefined) return log.warn('the node has lost its certificate; this port keeps its own', { purpose })
        tls.rotate(this.material(renewed))
        log.info('this port uses new certificates', { purpose })
      } catch (error) {
        log.error('the new certificates can not be used; this port keeps its own', { purpose, error })
      }
    }
    identity?.onChange(renew, signal)
    for (const { service } of trusts) service.onChange(renew, signal)
    return socket => { tls.accept(socket) }
  }

  private material (credentials: Credentials): TlsMaterial {
    return { credentials, authorities: this.parts.trusts.map(({ service }) => service.authorities()) }
  }

  private clients (): ClientCertificates {
    const { config: { client_certificates: wanted }, trusts } = this.parts
    return wanted === 'auto' ? trusts.length > 0 ? 'optional' : 'none' : wanted
  }
}
