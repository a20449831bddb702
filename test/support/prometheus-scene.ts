import { request as ask, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Listeners, Operations } from '../../kernel/contract/index.js'
import { NetListeners } from '../../kernel/lifecycle/listeners.js'
import { HealthBoard } from '../../kernel/observability/health.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { PrometheusFace } from '../../plugins/telemetry-prometheus/prometheus-face.js'
import type { TelemetryPrometheusConfig } from '../../plugins/telemetry-prometheus/telemetry-prometheus-config.js'
import { noEvents, QuietContext } from './quiet-context.js'
import { VirtualClock } from './virtual-clock.js'

const CONFIG: TelemetryPrometheusConfig = {
  host: '127.0.0.1', port: 0, credentials: 'auto', tls: 'auto', tls_minimum: '1.3', client_certificates: 'auto', handshake_timeout: 10_000,
  request_timeout: 10_000, idle_timeout: 90_000, max_requests: 10, max_connections: 100,
  max_connections_per_address: 50, max_headers: 16_384,
}

const NO_OPERATIONS: Operations = {
  list: () => [],
  unary: async () => { throw new Error('no operations') },
  async * serverStream () {},
  clientStream: async () => { throw new Error('no operations') },
  traceOf: () => undefined,
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** The face for metrics and health on a real port, with a clock turned by hand and metrics of the test's own. */
export class PrometheusScene {
  readonly clock = new VirtualClock()
  readonly metrics = new MetricsRegistry()
  readonly board = new HealthBoard()
  readonly context = new QuietContext('telemetry-prometheus')
  readonly face: PrometheusFace
  private readonly sockets: Socket[] = []

  constructor (config: Partial<TelemetryPrometheusConfig> = {}, operations: Operations = NO_OPERATIONS) {
    const listeners: Listeners = new NetListeners(false, this.context.log, this.metrics, noEvents)
    const node = { nodeId: 'node-1', zone: 'a', dataDirectory: '/nowhere', startedAt: 0, version: '0.1.0' }
    this.face = new PrometheusFace(
      node, this.clock, listeners, this.metrics, this.board, operations, undefined, [], { ...CONFIG, ...config }, this.context,
      this.metrics)
  }

  async stop (): Promise<void> {
    for (const socket of this.sockets.splice(0)) socket.destroy()
    await this.face.stop()
  }

  get (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      ask({ host: '127.0.0.1', port: this.face.port, path, method, headers, agent: false }, response => {
        text(response).then(body => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body }), reject)
      }).on('error', reject).end()
    })
  }

  /** A connection on which the test speaks for itself. */
  dial (first = ''): Socket {
    const socket = connect(this.face.port ?? 0, '127.0.0.1')
    this.sockets.push(socket)
    socket.on('error', () => {}).write(first)
    return socket
  }
}
