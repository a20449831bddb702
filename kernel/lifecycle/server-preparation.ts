import path from 'node:path'
import type { Logger, NodeFacts } from '../contract/index.js'
import { HealthBoard } from '../observability/health.js'
import { Log, standardError } from '../observability/log.js'
import { MetricsRegistry } from '../observability/metrics.js'
import { SystemClock } from '../observability/system-clock.js'
import { SystemRandom } from '../observability/system-random.js'
import { tracing } from '../observability/tracing.js'
import { clusterSettings, type ClusterStart } from './cluster/cluster-start.js'
import type { LogConfiguration } from './configuration/kernel-schema.js'
import { readConfiguration, type Configuration } from './configuration/read-configuration.js'
import { kernelParts } from './kernel-parts.js'
import { packageRoot, packageVersion } from './package-root.js'
import { PluginHost } from './plugins/plugin-host.js'
import { builtInPlugins, loadPlugins, type LoadedPlugins } from './plugins/plugin-loader.js'
import { providedTokens } from './plugins/service-graph.js'

const BUILT_IN = path.join(packageRoot, 'dist', 'plugins')

/** How a server is started, from the command line or embedded. */
export interface ServerOptions {
  /** Path of the configuration file; without it the packaged development configuration is used. */
  readonly configurationFile?: string | undefined
  /** Each `path=value`, over the file and the environment. */
  readonly sets: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Makes the server a node of a cluster, as the file alone does not. */
  readonly cluster?: ClusterStart | undefined
  /** Begins to stop the server. */
  readonly signal: AbortSignal
}

/** A server that was put together and has not begun. */
export interface PreparedServer {
  readonly configuration: Configuration
  readonly host: PluginHost
  readonly health: HealthBoard
  readonly log: Logger
  /** Aborts when an operation asked the server to stop. */
  readonly stopping: AbortController
  /** Writes out what is left of the log. */
  readonly closeLog: () => void
}

/**
 * Reads the configuration and puts the kernel's parts and the plugins together. Starts nothing; problems are the host's
 * to report.
 */
export async function prepareServer (options: ServerOptions): Promise<PreparedServer> {
  const { environment } = options
  const { configuration, loaded } = await readPlugins(options)
  const clock = new SystemClock()
  const sink = standardError()
  const log = new Log(logSettings(configuration.kernel.log, environment), sink, clock)
  const health = new HealthBoard()
  const stopping = new AbortController()
  const random = new SystemRandom()
  const metrics = new MetricsRegistry()
  const traces = tracing(configuration.kernel.tracing, clock, random, metrics, log.named('telemetry'))
  log.tail.onLine(line => { traces.hub.line(line) })
  const parts = kernelParts({
    configuration: configuration.kernel,
    configurationFile: configuration.file,
    node: factsOf(configuration, clock.now()),
    clock, health, random, metrics,
    tracing: traces,
    log: part => log.named(part),
    logLevels: log.levels,
    logTail: log.tail,
    inForce: inForce(configuration, loaded),
    processFlags: [...process.execArgv, ...(environment['NODE_OPTIONS'] ?? '').split(/\s+/)],
    plugins: () => host,
    // The answer to whoever asked goes out first.
    stop: () => setImmediate(() => stopping.abort()),
  })
  const { start_timeout, drain_timeout, stop_timeout } = configuration.kernel.server
  const host: PluginHost = new PluginHost({
    entries: [...parts.first, ...loaded.entries, ...parts.last],
    problems: [...configuration.problems, ...loaded.problems],
    clock,
    log: part => log.named(part),
    timeouts: { start: start_timeout, drain: drain_timeout, stop: stop_timeout },
    offers: async () => (await builtInPlugins(BUILT_IN)).map(plugin =>
      ({ name: plugin.name, tokens: providedTokens(plugin).map(({ id }) => id) })),
  })
  return { configuration, host, health, log: log.named('server'), stopping, closeLog: () => sink.close() }
}

/** As the file would have it, with every default. */
function inForce ({ kernel }: Configuration, { entries }: LoadedPlugins): object {
  const plugins = entries.map(({ instance, plugin, config }) => [instance, { use: plugin.name, ...config }] as const)
  return { ...kernel, plugins: Object.fromEntries(plugins) }
}

interface ReadPlugins {
  readonly configuration: Configuration
  readonly loaded: LoadedPlugins
}

/** Reads the configuration and the faces of its plugins; again, if these tell what the words of the start mean. */
async function readPlugins ({ configurationFile, sets, environment, cluster }: ServerOptions): Promise<ReadPlugins> {
  const read = async (more: readonly string[]): Promise<ReadPlugins> => {
    const configuration = await readConfiguration({ file: configurationFile, environment, sets: [...sets, ...more], packageRoot })
    const sources = { builtInFolder: BUILT_IN, folder: configuration.folder, packageRoot }
    return { configuration, loaded: await loadPlugins(configuration.plugins, sources) }
  }
  const first = await read([])
  if (cluster === undefined) return first
  const settings = clusterSettings(cluster, first.loaded.entries)
  const { configuration, loaded } = settings.sets.length === 0 ? first : await read(settings.sets)
  return { configuration: { ...configuration, problems: [...configuration.problems, ...settings.problems] }, loaded }
}

function factsOf ({ kernel: { node } }: Configuration, startedAt: number): NodeFacts {
  return { nodeId: node.id, zone: node.zone, dataDirectory: node.data_dir, startedAt, version: packageVersion() }
}

type LogSettings = ConstructorParameters<typeof Log>[0]

function logSettings ({ level, format }: LogConfiguration, environment: ServerOptions['environment']): LogSettings {
  const isTerminal = process.stderr.isTTY
  const isHuman = format === 'pretty' || (format === 'auto' && isTerminal)
  return { level, format: isHuman ? 'human' : 'json', coloured: isTerminal && environment['NO_COLOR'] === undefined }
}
