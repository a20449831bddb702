import { connect, type ClientHttp2Session, type ClientHttp2Stream, type SecureClientSessionOptions } from 'node:http2'
import { isCaxtonError, isLoopback, type CaxtonError, type ConnectorTarget } from '../../kernel/contract/index.js'
import { ConnectionLost, CredentialUnprotected, ServerUnreachable, ServerUntrusted } from './api-grpc-errors.js'

/** How long a server may take to accept a connection, in milliseconds. */
const LONGEST_DIAL = 5_000

const HEADERS = {
  ':method': 'POST', 'te': 'trailers', 'content-type': 'application/grpc+proto', 'user-agent': 'caxton',
}

/** One HTTP/2 connection to a server, made on first use and made again after it broke. */
export class GrpcConnection {
  private current: Promise<ClientHttp2Session> | undefined
  private readonly open = new Set<ClientHttp2Session>()

  constructor (private readonly target: ConnectorTarget) {}

  get address (): string {
    return this.target.address
  }

  /** Opens a stream for a call. Errors: `SERVER_UNREACHABLE`, `SERVER_UNTRUSTED`, `CREDENTIAL_UNPROTECTED`, `CONNECTION_LOST`. */
  async stream (path: string): Promise<ClientHttp2Stream> {
    const { bearer } = this.target
    const host = this.address.slice(0, this.address.lastIndexOf(':')).replace(/^\[|\]$/g, '')
    if (this.wouldLeak(host)) throw CredentialUnprotected({ address: this.address })
    const session = await (this.current ??= this.dial())
    try {
      const credential = bearer === undefined ? {} : { authorization: `Bearer ${bearer.reveal()}` }
      return session.request({ ...HEADERS, ...credential, ':path': path })
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error)
      throw ConnectionLost({ address: this.address, because }, { cause: error })
    }
  }

  close (): void {
    this.current = undefined
    for (const session of this.open) session.destroy()
  }

  /** A credential that once went over a network in the clear is everybody's. */
  private wouldLeak (host: string): boolean {
    return this.target.bearer !== undefined && this.target.trust === undefined && !isLoopback(host)
  }

  private dial (): Promise<ClientHttp2Session> {
    const { address, trust } = this.target
    const scheme = trust === undefined ? 'http' : 'https'
    const session = connect(`${scheme}://${address}`, secureOptionsOf(this.target))
    const dialed = this.accepted(session)
    const forget = (): void => { if (this.current === dialed) this.current = undefined }
    this.open.add(session)
    // A server that drains finishes the calls it has; new ones need a new connection.
    session.once('goaway', forget)
    session.once('close', () => {
      this.open.delete(session)
      forget()
    })
    return dialed
  }

  /**
   * The settings come from a server that speaks HTTP/2; `connect` would also come from one that waits for something
   * else.
   */
  private accepted (session: ClientHttp2Session): Promise<ClientHttp2Session> {
    const { address, trust } = this.target
    const expected = trust === undefined ? 'TLS' : 'a certificate, or another one'
    return new Promise((resolve, reject) => {
      const late = new Error(`no answer within ${LONGEST_DIAL} ms`)
      const timer = setTimeout(() => { session.destroy(late) }, LONGEST_DIAL)
      session.once('remoteSettings', () => {
        clearTimeout(timer)
        // The name `localhost` may have been pointed elsewhere; only the address that was reached tells.
        if (this.wouldLeak(session.socket.remoteAddress ?? '')) session.destroy(CredentialUnprotected({ address }))
        else resolve(session)
      })
      session.on('error', (error: NodeJS.ErrnoException) => { reject(isCaxtonError(error) ? error : dialError(address, error)) })
      session.once('close', () => {
        clearTimeout(timer)
        reject(ServerUnreachable({ address, because: `it closed the connection; does it expect ${expected}?` }))
      })
    })
  }
}

function secureOptionsOf ({ trust, certificate }: ConnectorTarget): SecureClientSessionOptions {
  if (trust === undefined) return {}
  return { ca: trust, ...certificate === undefined ? {} : { cert: certificate.chain, key: certificate.key.reveal() } }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ENOTFOUND', 'the name is not known'],
  ['EAI_AGAIN', 'the name could not be looked up'],
])

function dialError (address: string, error: NodeJS.ErrnoException): CaxtonError {
  const { code = '' } = error
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)
  if (untrusted) return ServerUntrusted({ address, because: error.message }, { cause: error })
  return ServerUnreachable({ address, because: REASONS.get(code) ?? error.message }, { cause: error })
}
