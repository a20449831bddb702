import type { Problem } from './configuration/problem.js'
import type { Configuration } from './configuration/read-configuration.js'
import type { Outlook } from './plugins/outlooks.js'
import { ConfigurationRefused, ServerNotStarted } from './plugins/plugin-errors.js'
import { exitCodeOf, reportJson, reportText } from './plugins/start-report.js'
import { prepareServer, type PreparedServer, type ServerOptions } from './server-preparation.js'

export type { ServerOptions } from './server-preparation.js'

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
  const server = await prepareServer(options)
  try {
    const found = await server.host.check()
    const { outlooks, problems } = await server.host.outlooks()
    return resultOf(server.configuration, [...found, ...problems], outlooks)
  } finally {
    server.closeLog()
  }
}

/** Starts a server and resolves when its last face has opened, or when it is clear that it can't run. */
export async function startServer (options: ServerOptions): Promise<StartResult> {
  const server = await prepareServer(options)
  const { configuration, host, log, health, closeLog } = server
  const began = performance.now()
  try {
    await host.start(options.signal)
  } catch (error) {
    closeLog()
    if (!ConfigurationRefused.is(error) && !ServerNotStarted.is(error)) throw error
    return { started: false, report: resultOf(configuration, error.details.problems) }
  }
  watchHealth(server)
  health.enter('serving')
  log.info('server ready', { configuration: configuration.file, milliseconds: Math.round(performance.now() - began) })
  return { started: true, stopped: serve(server, options.signal) }
}

function watchHealth ({ host, health }: PreparedServer): void {
  for (const { instance, optional } of host.health()) {
    health.watch(instance, () => host.healthOf(instance), optional ? 'useful' : 'vital')
  }
}

/** Waits until somebody wants the server to stop, and stops it. */
async function serve ({ host, health, log, stopping, closeLog }: PreparedServer, signal: AbortSignal): Promise<number> {
  await aborted(AbortSignal.any([signal, stopping.signal]))
  log.info('server stops')
  health.enter('draining')
  const failures = [...await failuresOf(host.drain(new AbortController().signal)), ...await failuresOf(host.stop())]
  health.enter('stopped')
  log.info('server stopped')
  closeLog()
  return failures.length === 0 ? 0 : 1
}

function resultOf (configuration: Configuration, problems: readonly Problem[], outlooks: readonly Outlook[] = []): CheckResult {
  const report = { file: configuration.file, problems, outlooks }
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
    const failures: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    return failures
  }
}
