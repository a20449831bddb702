import type { Socket } from 'node:net'
import {
  ClientTrusts, ClockToken, FaceTls, IdentityToken, inject, injectable, isLoopback, ListenersToken, MetricsReaderToken, MetricsToken,
  NodeToken, OperationsToken, optional, PluginConfig, PluginContextToken, ServerHealthToken, type ClientTrust, type Clock, type Counter,
  type Health, type Identity, type Listeners, type Listening, type Metrics, type MetricsReader, type Named, type NodeFacts,
  type Operations, type PluginContext, type PluginLife, type ServerHealth,
} from '../../kernel/contract/index.js'
import { failurePage } from './failure-page.js'
import type { Page, Visit } from './page.js'
import { Pages } from './pages.js'
import { GuardedView, OpenView } from './server-view.js'
import type { TelemetryPrometheusConfig } from './telemetry-prometheus-config.js'
import { VisitServer } from './visit-server.js'

const PURPOSE = 'metrics and health'

/** Serves metrics and health by HTTP. Keeps answering while the server drains, so that everybody sees that it does. */
@injectable()
export class PrometheusFace implements PluginLife {
  private readonly requests: Counter
  private readonly over = new AbortController()
  private server: VisitServer | undefined
  private listening: Listening | undefined
  private starting: Promise<void> | undefined

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(ListenersToken) private readonly listeners: Listeners,
    @inject(MetricsReaderToken) private readonly reader: MetricsReader,
    @inject(ServerHealthToken) private readonly serverHealth: ServerHealth,
    @inject(OperationsToken) private readonly operations: Operations,
    @inject(optional(IdentityToken)) private readonly identity: Identity | undefined,
    @inject(ClientTrusts) private readonly trusts: ReadonlyArray<Named<ClientTrust>>,
    @inject(PluginConfig) private readonly config: TelemetryPrometheusConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
    @inject(MetricsToken) metrics: Metrics,
  ) {
    this.requests = metrics.counter(
      'caxton_telemetry_requests_total', 'Requests for metrics and health, by page and HTTP status.', ['page', 'status'])
  }

  start (): Promise<void> {
    this.starting = this.open()
    return this.starting
  }

  async stop (): Promise<void> {
    this.over.abort()
    // A port that opens after this would be closed by nobody.
    await this.starting?.catch(() => undefined)
    await this.listening?.close()
    this.server?.close()
  }

  health (): Health {
    return this.listening === undefined ? { state: 'failed', detail: 'the port for metrics and health is not open' } : { state: 'ready' }
  }

  /** The port, once it is open. */
  get port (): number | undefined {
    return this.listening?.port
  }

  private async open (): Promise<void> {
    const { config, identity, trusts, context: { instance, log } } = this
    const tls = new FaceTls({ identity, trusts, config, instance, log, purpose: PURPOSE, protocols: ['http/1.1'] })
    const credentials = tls.credentials()
    const isGuarded = config.credentials === 'always' || !isLoopback(config.host)
    const view = isGuarded ? new GuardedView(this.operations, instance) : new OpenView(this.reader, this.serverHealth)
    const pages = new Pages(view, this.serverHealth, this.node)
    const server = this.server = new VisitServer(visit => this.answer(pages, visit), {
      requestTimeout: config.request_timeout, idleTimeout: config.idle_timeout,
      maxRequests: config.max_requests, maxHeaders: config.max_headers,
    }, this.clock)
    const serve = (socket: Socket): void => { server.accept(socket) }
    this.listening = await this.listeners.listen({
      purpose: PURPOSE, host: config.host, port: config.port,
      maxConnections: config.max_connections, maxPerAddress: config.max_connections_per_address,
      protection: { encrypted: credentials !== undefined, authenticated: isGuarded ? 'operations' : false },
    }, credentials === undefined ? serve : tls.terminator(credentials, serve, this.over.signal))
  }

  private async answer (pages: Pages, visit: Visit): Promise<Page> {
    const page = await this.pageOf(pages, visit)
    this.requests.add(1, { page: pages.nameOf(visit.path), status: String(page.status) })
    return page
  }

  private async pageOf (pages: Pages, visit: Visit): Promise<Page> {
    try {
      return await pages.of(visit)
    } catch (error) {
      const page = failurePage(error)
      if (page.status === 500) this.context.log.error('a page could not be made', { page: visit.path, error })
      return page
    }
  }
}
