import path from 'node:path'
import type { NodeFacts } from '../contract/index.js'
import { HealthBoard } from '../observability/health.js'
import { Log, standardError } from '../observability/log.js'
import { MetricsRegistry } from '../observability/metrics.js'
import { SystemClock } from '../observability/system-clock.js'
import { SystemRandom } from '../observability/system-random.js'
import type { LogConfiguration } from './configuration/kernel-schema.js'
import type { Problem } from './configuration/problem.js'
import { readConfiguration, type Configuration } from './configuration/read-configuration.js'
import { kernelParts } from './kernel-parts.js'
import { packageRoot, packageVersion } from './package-root.js'
import { ConfigurationRefused, ServerNotStarted } from './plugins/plugin-errors.js'
import { PluginHost } from './plugins/plugin-host.js'
import { builtInPlugins, loadPlugins } from './plugins/plugin-loader.js'
import { providedTokens } from './plugins/service-graph.js'
import { exitCodeOf, reportJson, reportText } from './plugins/start-report.js'

/** How a server is started, from the command line or embedded. */
export interface ServerOptions {
  /** Path of the configuration file; without it the packaged development configuration is used. */
  readonly configurationFile?: string | undefined
  /** Each `path=value`, over the file and the environment. */
  readonly sets: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Begins to stop the server. */
  readonly signal: AbortSignal
}

/** What became of a start: a server that runs, or the report of everything that kept it from running. */
export type StartResult =
  /** `stopped` resolves to the process's exit code when everything has ended. */
  | { readonly started: true, readonly stopped: Promise<number> }
  | { readonly started: false, readonly report: CheckResult }

/** What a check found. */
export interface CheckResult {
  readonly problems: readonly Problem[]
  /** For people. */
  readonly text: string
  /** For programs. */
  readonly data: object
  readonly exitCode: number
}

/** Looks for every problem of a configuration without starting anything. */
export async function checkConfiguration (options: ServerOptions): Promise<CheckResult> {
  const server = await prepare(options)
  try {
    const problems = await server.host.check()
    return resultOf(server.configuration, problems)
  } finally {
    server.closeLog()
  }
}

/** Starts a server and resolves when its last face has opened, or when it is clear that it can't run. */
export async function startServer (options: ServerOptions): Promise<StartResult> {
  const { configuration, host, health, log, stopping, closeLog } = await prepare(options)
  const began = performance.now()
  try {
    await host.start(options.signal)
  } catch (error) {
    closeLog()
    if (!ConfigurationRefused.is(error) && !ServerNotStarted.is(error)) throw error
    return { started: false, report: resultOf(configuration, error.details.problems) }
  }
  for (const { instance, optional } of host.health()) {
    health.watch(instance, () => host.health().find(one => one.instance === instance) ?? { state: 'failed' }, optional ? 'useful' : 'vital')
  }
  health.enter('serving')
  log.info('server ready', { configuration: configuration.file, milliseconds: Math.round(performance.now() - began) })
  const stopped = (async (): Promise<number> => {
    await aborted(AbortSignal.any([options.signal, stopping.signal]))
    log.info('server stops')
    health.enter('draining')
    const failures = [...await failuresOf(host.drain(new AbortController().signal)), ...await failuresOf(host.stop())]
    health.enter('stopped')
    log.info('server stopped')
    closeLog()
    return failures.length === 0 ? 0 : 1
  })()
  return { started: true, stopped }
}

interface Prepared {
  readonly configuration: Configuration
  readonly host: PluginHost
  readonly health: HealthBoard
  readonly log: ReturnType<Log['named']>
  readonly stopping: AbortController
  readonly closeLog: () => void
}

async function prepare ({ configurationFile, sets, environment }: ServerOptions): Promise<Prepared> {
  const configuration = await readConfiguration({ file: configurationFile, environment, sets, packageRoot })
  const clock = new SystemClock()
  const sink = standardError()
  const log = new Log(logSettings(configuration.kernel.log, environment), sink, clock)
  const health = new HealthBoard()
  const stopping = new AbortController()
  const sources = { builtInFolder: path.join(packageRoot, 'dist', 'plugins'), folder: configuration.folder, packageRoot }
  const loaded = await loadPlugins(configuration.plugins, sources)
  const parts = kernelParts({
    configuration: configuration.kernel,
    configurationFile: configuration.file,
    node: factsOf(configuration, clock.now()),
    clock, health,
    random: new SystemRandom(),
    metrics: new MetricsRegistry(),
    log: part => log.named(part),
    processFlags: [...process.execArgv, ...(environment['NODE_OPTIONS'] ?? '').split(/\s+/)],
    plugins: () => host,
    stop: () => setImmediate(() => stopping.abort()),
  })
  const { start_timeout, drain_timeout, stop_timeout } = configuration.kernel.server
  const host: PluginHost = new PluginHost({
    entries: [...parts.first, ...loaded.entries, ...parts.last],
    problems: [...configuration.problems, ...loaded.problems],
    clock,
    log: part => log.named(part),
    timeouts: { start: start_timeout, drain: drain_timeout, stop: stop_timeout },
    offers: async () => (await builtInPlugins(sources.builtInFolder)).map(plugin =>
      ({ name: plugin.name, tokens: providedTokens(plugin).map(({ id }) => id) })),
  })
  return { configuration, host, health, log: log.named('server'), stopping, closeLog: () => sink.close() }
}

function factsOf ({ kernel: { node } }: Configuration, startedAt: number): NodeFacts {
  return { nodeId: node.id, zone: node.zone, dataDirectory: node.data_dir, startedAt, version: packageVersion() }
}

function logSettings ({ level, format }: LogConfiguration, environment: ServerOptions['environment']): ConstructorParameters<typeof Log>[0] {
  const isTerminal = process.stderr.isTTY
  const isHuman = format === 'pretty' || (format === 'auto' && isTerminal)
  return { level, format: isHuman ? 'human' : 'json', coloured: isTerminal && environment['NO_COLOR'] === undefined }
}

function resultOf (configuration: Configuration, problems: readonly Problem[]): CheckResult {
  const report = { file: configuration.file, problems }
  return { problems, text: reportText(report), data: reportJson(report), exitCode: exitCodeOf(problems) }
}

async function aborted (signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

async function failuresOf (work: Promise<void>): Promise<readonly unknown[]> {
  try {
    await work
    return []
  } catch (error) {
    return error instanceof AggregateError ? error.errors : [error]
  }
}
