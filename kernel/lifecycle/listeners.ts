import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import {
  isLoopback, type Counter, type Listeners, type Listening, type ListenRequest, type Logger, type Metrics,
  type SecurityEvents,
} from '../contract/index.js'
import { ConnectionsByAddress } from './connections-by-address.js'
import { ListenerAddressInUse, ListenerFailed, ListenerUnprotected } from './listener-errors.js'
import { portHolder } from './port-holder.js'

const MOST_CONNECTIONS = 10_000

/** {@link Listeners} on TCP. Knows every open port of the server. */
export class NetListeners implements Listeners {
  private readonly open = new Set<Listening>()
  private readonly dropped: Counter

  /** `someoneAuthenticates`: whether an authenticator guards the operations chain. */
  constructor (
    private readonly someoneAuthenticates: boolean, private readonly log: Logger, metrics: Metrics,
    private readonly events: SecurityEvents,
  ) {
    this.dropped = metrics.counter(
      'caxton_connections_dropped_total',
      'Connections closed at once because too many were open: in all, or from one address.', ['purpose', 'because'])
  }

  async listen (request: ListenRequest, accept: (socket: Socket) => void): Promise<Listening> {
    this.refuseUnprotected(request, request.host)
    const server = this.serverFor(request, accept)
    await bound(server, request)
    const { address, port } = server.address() as AddressInfo
    const opened = new OpenPort(request.purpose, request.host, port, server, () => { this.open.delete(opened) })
    this.open.add(opened)
    await this.refuseMisnamed(request, address, opened)
    this.log.info('listening', { purpose: request.purpose, address, port, encrypted: request.protection.encrypted })
    return opened
  }

  note (request: ListenRequest): Listening {
    this.refuseUnprotected(request, request.host)
    const { purpose, host, port } = request
    const noted: Listening = { purpose, host, port, close: async () => { this.open.delete(noted) } }
    this.open.add(noted)
    return noted
  }

  list (): readonly Listening[] {
    return [...this.open]
  }

  /** The name `localhost` may have been pointed elsewhere; only the address that was bound tells. */
  private async refuseMisnamed (request: ListenRequest, address: string, opened: OpenPort): Promise<void> {
    try {
      this.refuseUnprotected(request, address)
    } catch (error) {
      await opened.close()
      throw error
    }
  }

  private refuseUnprotected ({ purpose, port, protection }: ListenRequest, host: string): void {
    if (isLoopback(host)) return
    const authenticated = protection.authenticated === 'operations' ? this.someoneAuthenticates : protection.authenticated
    const lacks = [...protection.encrypted ? [] : ['TLS'], ...authenticated ? [] : ['an authenticator']]
    if (lacks.length === 0) return
    const refusal = ListenerUnprotected({ purpose, host, port, lacks })
    this.events.note({ what: 'listener-refused', resource: `${host}:${port}`, result: 'refused', because: refusal.message })
    throw refusal
  }

  private serverFor (request: ListenRequest, accept: (socket: Socket) => void): Server {
    const { purpose, maxConnections = MOST_CONNECTIONS, maxPerAddress = maxConnections } = request
    const addresses = new ConnectionsByAddress(maxPerAddress)
    const server = createServer({ noDelay: true }, socket => {
      if (addresses.admit(socket)) return this.hand(socket, purpose, accept)
      this.dropped.add(1, { purpose, because: 'address' })
      socket.destroy()
    })
    server.maxConnections = maxConnections
    server.on('drop', () => { this.dropped.add(1, { purpose, because: 'all' }) })
    server.on('error', error => { this.log.error('a port failed', { purpose, error }) })
    return server
  }

  private hand (socket: Socket, purpose: string, accept: (socket: Socket) => void): void {
    try {
      accept(socket)
    } catch (error) {
      socket.destroy()
      this.log.error('a connection was closed because its plugin could not take it', { purpose, error })
    }
  }
}

class OpenPort implements Listening {
  constructor (
    readonly purpose: string,
    readonly host: string,
    readonly port: number,
    private readonly server: Server,
    private readonly forget: () => void,
  ) {}

  /** The system frees the port with the handle; `Server.close` would only tell once every connection has ended. */
  async close (): Promise<void> {
    this.forget()
    this.server.close()
    await new Promise(resolve => { setImmediate(resolve) })
  }
}

function bound (server: Server, request: ListenRequest): Promise<void> {
  const { purpose, host, port } = request
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code !== 'EADDRINUSE') reject(ListenerFailed({ purpose, host, port, reason: error.message }, { cause: error }))
      else void portHolder(port).then(holder => { reject(ListenerAddressInUse({ purpose, host, port, holder }, { cause: error })) })
    }
    server.once('error', failed)
    server.listen({ host, port }, () => {
      server.off('error', failed)
      resolve()
    })
  })
}
