import type { Socket } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import {
  ClientTrusts, ClockToken, FaceTls, IdentityToken, inject, injectable, ListenersToken, OperationsToken, optional, PluginConfig,
  PluginContextToken, ServerHealthToken, type ClientTrust, type Clock, type Health, type Identity, type Listeners, type Listening,
  type Named, type Operations, type PluginContext, type PluginLife, type ServerHealth,
} from '../../kernel/contract/index.js'
import type { ApiGrpcConfig } from './api-grpc-config.js'
import { HealthService } from './health-service.js'
import { OperationServices } from './operation-services.js'
import { keepPeerCertificate } from './peer-certificate.js'

const PURPOSE = 'gRPC API'

/** Serves every registered operation by gRPC, with health and reflection beside them. */
@injectable()
export class GrpcFace implements PluginLife {
  private server: Server | undefined
  private services: OperationServices | undefined
  private listening: Listening | undefined
  private starting: Promise<void> | undefined
  private draining = false
  private readonly sockets = new Set<Socket>()
  private readonly over = new AbortController()

  constructor (
    @inject(ListenersToken) private readonly listeners: Listeners,
    @inject(OperationsToken) private readonly operations: Operations,
    @inject(optional(IdentityToken)) private readonly identity: Identity | undefined,
    @inject(optional(ServerHealthToken)) private readonly serverHealth: ServerHealth | undefined,
    @inject(ClientTrusts) private readonly trusts: ReadonlyArray<Named<ClientTrust>>,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(PluginConfig) private readonly config: ApiGrpcConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {}

  start (): Promise<void> {
    this.starting = this.open()
    return this.starting
  }

  async drain (signal: AbortSignal): Promise<void> {
    this.draining = true
    await this.listening?.close()
    this.services?.end(false)
    await this.shutDown(signal)
  }

  async stop (): Promise<void> {
    this.draining = true
    this.over.abort()
    // A port that opens after this would be closed by nobody.
    await this.starting?.catch(() => undefined)
    await this.listening?.close()
    this.services?.end(true)
    this.server?.forceShutdown()
    for (const socket of this.sockets) socket.destroy()
  }

  health (): Health {
    if (this.listening === undefined || this.draining) return { state: 'failed', detail: 'the gRPC API takes no calls' }
    return { state: 'ready' }
  }

  /** The port, once it is open. */
  get port (): number | undefined {
    return this.listening?.port
  }

  private async open (): Promise<void> {
    const { identity, trusts, config, context: { instance, log } } = this
    const tls = new FaceTls({ identity, trusts, config, instance, log, purpose: PURPOSE, protocols: ['h2'] })
    const credentials = tls.credentials()
    const server = this.server = new Server(optionsOf(config))
    await this.addServices(server)
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
    const inject = (socket: Socket): void => {
      keepPeerCertificate(socket)
      injector.injectConnection(socket)
    }
    const accept = this.acceptor(credentials === undefined ? inject : tls.terminator(credentials, inject, this.over.signal))
    this.listening = await this.listeners.listen({
      purpose: PURPOSE,
      host: this.config.host,
      port: this.config.port,
      maxConnections: this.config.max_connections,
      maxPerAddress: this.config.max_connections_per_address,
      protection: { encrypted: credentials !== undefined, authenticated: 'operations' },
    }, accept)
  }

  private async addServices (server: Server): Promise<void> {
    const { operations, clock, config, context } = this
    const settings = { face: context.instance, clock, longest: config.call_timeout, largestHeaders: config.max_headers }
    this.services = new OperationServices(operations, settings, context.log)
    this.services.addTo(server)
    const described = [...new Set(operations.list().map(operation => operation.method.parent))]
    const names = new Set(described.map(service => service.typeName))
    new HealthService(names, () => !this.draining && this.serverHealth?.ready() !== false, clock).addTo(server)
    if (!config.reflection) return
    const { ReflectionService } = await import('./reflection-service.js')
    new ReflectionService(described).addTo(server)
  }

  private acceptor (take: (socket: Socket) => void): (socket: Socket) => void {
    return socket => {
      this.sockets.add(socket)
      socket.once('close', () => { this.sockets.delete(socket) })
      socket.on('error', error => { this.context.log.debug('a connection failed', { error: error.message }) })
      take(socket)
    }
  }

  /** Tells every client to go elsewhere, and waits for the calls that are under way. */
  private shutDown (signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (this.server === undefined || signal.aborted) return resolve()
      const done = (): void => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done, { once: true })
      this.server.tryShutdown(done)
    })
  }
}

function optionsOf (config: ApiGrpcConfig): ConstructorParameters<typeof Server>[0] {
  return {
    'grpc.max_receive_message_length': config.max_message,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': config.max_streams,
    'grpc.keepalive_time_ms': config.keepalive,
    'grpc.keepalive_timeout_ms': config.keepalive_timeout,
    'grpc.max_connection_idle_ms': config.idle_timeout,
    'grpc.enable_channelz': 0,
  }
}
