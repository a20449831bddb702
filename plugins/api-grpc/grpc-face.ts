import type { Socket } from 'node:net'
import { Server, ServerCredentials, type ConnectionInjector } from '@grpc/grpc-js'
import {
  ClockToken, IdentityToken, inject, injectable, ListenersToken, OperationsToken, optional, PluginConfig,
  PluginContextToken, ServerHealthToken, type Clock, type Credentials, type Health, type Identity, type Listeners,
  type Listening, type Operations, type PluginContext, type PluginLife, type ServerHealth,
} from '../../kernel/contract/index.js'
import type { ApiGrpcConfig } from './api-grpc-config.js'
import { TlsCredentialsMissing } from './api-grpc-errors.js'
import { HealthService } from './health-service.js'
import { OperationServices } from './operation-services.js'
import { TlsTerminator } from './tls-terminator.js'

/** Serves every registered operation by gRPC, with health and reflection beside them. */
@injectable()
export class GrpcFace implements PluginLife {
  private server: Server | undefined
  private services: OperationServices | undefined
  private listening: Listening | undefined
  private draining = false
  private readonly sockets = new Set<Socket>()
  private readonly over = new AbortController()

  constructor (
    @inject(ListenersToken) private readonly listeners: Listeners,
    @inject(OperationsToken) private readonly operations: Operations,
    @inject(optional(IdentityToken)) private readonly identity: Identity | undefined,
    @inject(optional(ServerHealthToken)) private readonly serverHealth: ServerHealth | undefined,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(PluginConfig) private readonly config: ApiGrpcConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {}

  async start (): Promise<void> {
    const credentials = this.credentials()
    const server = this.server = new Server(optionsOf(this.config))
    await this.addServices(server)
    const accept = this.acceptor(server.createConnectionInjector(ServerCredentials.createInsecure()), credentials)
    this.listening = await this.listeners.listen({
      purpose: 'gRPC API',
      host: this.config.host,
      port: this.config.port,
      maxConnections: this.config.max_connections,
      protection: { encrypted: credentials !== undefined, authenticated: 'operations' },
    }, accept)
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

  private async addServices (server: Server): Promise<void> {
    const { operations, clock, config, context } = this
    const settings = { face: context.instance, clock, longest: config.call_timeout }
    this.services = new OperationServices(operations, settings, context.log)
    this.services.addTo(server)
    const described = [...new Set(operations.list().map(operation => operation.method.parent))]
    const names = new Set(described.map(service => service.typeName))
    new HealthService(names, () => !this.draining && this.serverHealth?.ready() !== false, clock).addTo(server)
    if (!config.reflection) return
    const { ReflectionService } = await import('./reflection-service.js')
    new ReflectionService(described).addTo(server)
  }

  private credentials (): Credentials | undefined {
    if (this.config.tls === 'off') return undefined
    const credentials = this.identity?.credentials()
    if (credentials === undefined && this.config.tls === 'required') {
      throw TlsCredentialsMissing({ instance: this.context.instance })
    }
    return credentials
  }

  private acceptor (injector: ConnectionInjector, credentials: Credentials | undefined): (socket: Socket) => void {
    const take = credentials === undefined ? injector.injectConnection : this.terminator(injector, credentials)
    return socket => {
      this.sockets.add(socket)
      socket.once('close', () => { this.sockets.delete(socket) })
      socket.on('error', error => { this.context.log.debug('a connection failed', { error: error.message }) })
      take(socket)
    }
  }

  private terminator (injector: ConnectionInjector, credentials: Credentials): (socket: Socket) => void {
    const { log } = this.context
    const tls = new TlsTerminator(credentials, this.config.client_certificates, injector.injectConnection, log)
    this.identity?.onChange(() => {
      try {
        const renewed = this.identity?.credentials()
        if (renewed === undefined) return log.warn('the node has lost its certificate; the gRPC API keeps its own')
        tls.rotate(renewed)
        log.info('the gRPC API uses a new certificate')
      } catch (error) {
        log.error('the new certificate can not be used; the gRPC API keeps its own', { error })
      }
    }, this.over.signal)
    return socket => { tls.accept(socket) }
  }

  /** Tells every client to go elsewhere, and waits for the calls that are under way. */
  private shutDown (signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (this.server === undefined || signal.aborted) return resolve()
      signal.addEventListener('abort', () => { resolve() }, { once: true })
      this.server.tryShutdown(() => { resolve() })
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
