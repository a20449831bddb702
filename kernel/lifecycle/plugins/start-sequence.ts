import { isCaxtonError, type Clock, type Logger, type Token } from '../../contract/index.js'
import { problemOf, type Problem } from '../configuration/problem.js'
import type { PluginClass } from './container.js'
import type { StartPlan } from './plugin-check.js'
import { DependencyFailed, ServerNotStarted, StartCancelled, StartFailed } from './plugin-errors.js'
import type { PluginInstance } from './plugin-instance.js'
import type { PluginEntry } from './plugin-loader.js'
import { neededTokens, ServiceGraph } from './service-graph.js'
import { serviceFor } from './service-view.js'

/** What a start works with. */
export interface StartSurroundings {
  readonly clock: Clock
  readonly log: Logger
  readonly timeouts: { readonly start: number, readonly stop: number }
  readonly instances: ReadonlyMap<string, PluginInstance>
}

/** Milliseconds between two lines in the log that name the plugin that is still starting. */
const STILL_STARTING = 5000

/** Starts plugins one after another. `began` is what has to be stopped, in the order in which it began. */
export class StartSequence {
  private readonly graph: ServiceGraph
  private readonly failures: Problem[] = []

  constructor (
    private readonly plan: StartPlan,
    private readonly surroundings: StartSurroundings,
    private readonly began: PluginInstance[],
  ) {
    this.graph = new ServiceGraph(plan.order)
  }

  /**
   * Resolves with the problems of optional plugins; rejects with `SERVER_NOT_STARTED` after stopping all that began.
   */
  async run (signal: AbortSignal): Promise<readonly Problem[]> {
    this.noteLeftOut()
    for (const entry of this.plan.order) {
      const problem = await this.startOne(entry, this.plan.classes.get(entry.instance), signal)
      if (problem === undefined) continue
      this.report(problem)
      if (!problem.ignored) throw await this.undone()
    }
    return [...this.plan.problems, ...this.failures]
  }

  private async startOne (
    entry: PluginEntry, main: PluginClass | undefined, signal: AbortSignal,
  ): Promise<Problem | undefined> {
    const { instance: name, optional } = entry
    const { instances, log, timeouts, clock } = this.surroundings
    const instance = instances.get(name)
    if (instance === undefined) return undefined
    const since = clock.elapsed()
    try {
      this.requireProviders(entry)
      this.began.push(instance)
      const resolve = (token: Token<unknown>): unknown => serviceFor(token, name, this.providersOf(token.id))
      await this.watched(name, instance.start(main, resolve, timeouts.start, signal))
      log.debug('plugin started', { instance: name, milliseconds: Math.round(clock.elapsed() - since) })
      return undefined
    } catch (cause) {
      const error = isCaxtonError(cause) ? cause : StartFailed({ instance: name, doing: 'started' }, { cause })
      if (instance.state !== 'failed') instance.giveUp(error.message)
      const ignored = optional && !StartCancelled.is(error)
      if (ignored) await this.stopFailed(instance)
      return { ...problemOf(error, { phase: 'start', instance: name }), ignored }
    }
  }

  private requireProviders (entry: PluginEntry): void {
    for (const { id, need } of neededTokens(entry.plugin)) {
      const provider = this.providersOf(id)[0]
      if (need === 'one' && provider !== undefined && provider.state !== 'ready') {
        throw DependencyFailed({ token: id, failed: provider.entry.instance })
      }
    }
  }

  private providersOf (token: string): PluginInstance[] {
    return this.graph.providersOf(token).flatMap(({ instance }) => this.surroundings.instances.get(instance) ?? [])
  }

  /** An optional plugin that failed is ended at once; the others go on. */
  private async stopFailed (instance: PluginInstance): Promise<void> {
    const at = this.began.indexOf(instance)
    if (at !== -1) this.began.splice(at, 1)
    await this.stopOne(instance)
  }

  private async undone (): Promise<Error> {
    for (const instance of this.began.splice(0).reverse()) await this.stopOne(instance)
    return ServerNotStarted({ problems: [...this.plan.problems, ...this.failures] })
  }

  private async stopOne (instance: PluginInstance): Promise<void> {
    try {
      await instance.stop(this.surroundings.timeouts.stop)
    } catch (error) {
      if (!isCaxtonError(error)) throw error
      const { instance: name, optional } = instance.entry
      this.report({ ...problemOf(error, { phase: 'stop', instance: name }), ignored: optional })
    }
  }

  private async watched<T> (instance: string, work: Promise<T>): Promise<T> {
    const { clock, log } = this.surroundings
    const since = clock.elapsed()
    const tell = (): void => {
      log.info('still starting', { instance, seconds: Math.round((clock.elapsed() - since) / 1000) })
      timer = clock.after(STILL_STARTING, tell)
    }
    let timer = clock.after(STILL_STARTING, tell)
    try {
      return await work
    } finally {
      timer.cancel()
    }
  }

  /** Into the log as it happens, so that a later hang can't hide it. */
  private report (problem: Problem): void {
    const { code, instance, remedy, causes, ignored } = problem
    this.failures.push(problem)
    const write = ignored ? this.surroundings.log.warn : this.surroundings.log.error
    write.call(this.surroundings.log, problem.message, { code, instance, remedy, causes, ignored })
  }

  private noteLeftOut (): void {
    for (const problem of this.plan.problems) {
      const { instance: name, message, code, remedy } = problem
      this.surroundings.log.warn(message, { code, instance: name, remedy, ignored: true })
      if (name !== undefined) this.surroundings.instances.get(name)?.giveUp(message)
    }
  }
}
