import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import type { CaxtonError, ConnectorTarget } from '../../kernel/contract/index.js'
import { ConnectionLost, ServerUnreachable, ServerUntrusted } from './api-grpc-errors.js'

/** How long a server may take to accept a connection, in milliseconds. */
const LONGEST_DIAL = 5_000

/** One HTTP/2 connection to a server, made on first use and made again after it broke. */
export class GrpcConnection {
  private session: Promise<ClientHttp2Session> | undefined

  constructor (private readonly target: ConnectorTarget) {}

  get address (): string {
    return this.target.address
  }

  /** Opens a stream for a call. Errors: `SERVER_UNREACHABLE`, `SERVER_UNTRUSTED`. */
  async stream (path: string): Promise<ClientHttp2Stream> {
    const session = await (this.session ??= this.dial())
    try {
      return session.request({
        ':method': 'POST', ':path': path, 'te': 'trailers', 'content-type': 'application/grpc+proto', 'user-agent': 'caxton',
      })
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error)
      throw ConnectionLost({ address: this.address, because }, { cause: error })
    }
  }

  close (): void {
    const session = this.session
    this.session = undefined
    session?.then(open => { open.destroy() }, () => {})
  }

  private dial (): Promise<ClientHttp2Session> {
    const { address, trust } = this.target
    return new Promise((resolve, reject) => {
      const session = connect(`${trust === undefined ? 'http' : 'https'}://${address}`, trust === undefined ? {} : { ca: trust })
      const timer = setTimeout(() => { session.destroy(new Error(`no answer within ${LONGEST_DIAL} ms`)) }, LONGEST_DIAL)
      // The settings come from a server that speaks HTTP/2; 'connect' would also come from one that waits for something else.
      session.once('remoteSettings', () => {
        clearTimeout(timer)
        resolve(session)
      })
      session.on('error', (error: NodeJS.ErrnoException) => { reject(dialError(address, error)) })
      session.once('goaway', () => { this.forget() })
      session.once('close', () => {
        clearTimeout(timer)
        this.forget()
        reject(ServerUnreachable({ address, because: 'it closed the connection; does it expect TLS?' }))
      })
    })
  }

  private forget (): void {
    this.session = undefined
  }
}

function dialError (address: string, error: NodeJS.ErrnoException): CaxtonError {
  const { code = '' } = error
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) return ServerUntrusted({ address, because: error.message }, { cause: error })
  const because = { ECONNREFUSED: 'the connection was refused', ENOTFOUND: 'the name is not known', EAI_AGAIN: 'the name could not be looked up' }
  return ServerUnreachable({ address, because: Reflect.get(because, code) as string | undefined ?? error.message }, { cause: error })
}
