import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  operations, Server, type Handlers, type HistogramSample, type Listeners, type MetricSample, type NodeFacts,
  type OperationService, type SampleSchema,
} from '../contract/index.js'
import type { HealthBoard } from '../observability/health.js'
import type { MetricsRegistry } from '../observability/metrics.js'
import type { AgentHosting } from './agents/agent-hosting.js'
import { SHARD_FIGURE } from './shards/shard-memory.js'
import type { PluginHost } from './plugins/plugin-host.js'

/** What the handlers of the server's own service reach. */
export interface ServerOperationsMain {
  readonly node: NodeFacts
  readonly configurationFile: string
  readonly agentsMax: number
  readonly healthBoard: HealthBoard
  readonly metrics: MetricsRegistry
  readonly listeners: Listeners
  readonly hosting: AgentHosting
  readonly plugins: () => PluginHost
  /** Begins to stop the server; returns at once. */
  readonly stopServer: () => void
}

/** The operations on the server itself. */
export const serverOperations: OperationService = operations(Server, (main: ServerOperationsMain): Handlers<typeof Server> => ({
  async status () {
    const { node, hosting, healthBoard } = main
    const sum = (figure: number): number => hosting.counters.reduce((total, shard) => total + shard.read(figure), 0)
    return {
      nodeId: node.nodeId,
      version: node.version,
      processId: process.pid,
      startedAt: BigInt(node.startedAt),
      health: healthBoard.overall().state,
      parts: healthBoard.parts().map(({ name, health: { state, detail } }) => ({ name, state, detail: detail ?? '' })),
      agents: hosting.agents.size,
      agentsRunning: hosting.agents.running,
      agentsMax: main.agentsMax,
      shards: hosting.shards,
      messagesDelivered: BigInt(sum(SHARD_FIGURE.delivered)),
      messagesFailed: BigInt(sum(SHARD_FIGURE.failed)),
      deadLetters: BigInt(hosting.deadLetters.kept),
      residentBytes: BigInt(process.memoryUsage.rss()),
      ports: main.listeners.list().map(({ purpose, host, port }) => ({ purpose, address: addressText(host, port) })),
      dataDirectory: node.dataDirectory,
      configuration: main.configurationFile,
    }
  },

  async listPlugins () {
    return {
      plugins: main.plugins().list().map(({ instance, plugin, summary, stability, state, provides, needs, asks }) =>
        ({ instance, plugin, summary, stability, state, provides: [...provides], needs: [...needs], asks: [...asks] })),
    }
  },

  async whoAmI (_request, { principal: { name, method, roles } }) {
    return { principal: name, method, roles: [...roles] }
  },

  async metrics ({ prefix }) {
    return {
      metrics: main.metrics.snapshot(prefix).map(({ name, help, type, labelNames, samples }) =>
        ({ name, help, type, labelNames: [...labelNames], samples: samples.map(sampleOf) })),
    }
  },

  async stop () {
    main.stopServer()
    return {}
  },
}))

function sampleOf (sample: MetricSample | HistogramSample): MessageInitShape<typeof SampleSchema> {
  const { labels, value } = sample
  const [bounds, counts] = 'bounds' in sample ? [sample.bounds, sample.counts] : [[], []]
  return { labels: { ...labels }, value, bounds: [...bounds], counts: counts.map(count => BigInt(count)) }
}

/** As in a URL (RFC 3986 §3.2.2): an IPv6 address in brackets. */
const addressText = (host: string, port: number): string => host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
