import type { DescService } from '@bufbuild/protobuf'
import type { Clock, Health, Logger, Stability } from '../../contract/index.js'
import { operationsOf } from '../../routing/operations/operation-registry.js'
import { causesOf, textOf, type Problem } from '../configuration/problem.js'
import { checkPlugins, type StartPlan } from './plugin-check.js'
import { ConfigurationRefused } from './plugin-errors.js'
import { outlooksOf } from './outlooks.js'
import { PluginInstance, type Contribution, type PluginState } from './plugin-instance.js'
import type { PluginEntry } from './plugin-loader.js'
import { neededTokens, providedTokens } from './service-graph.js'
import { StartSequence } from './start-sequence.js'
import type { Offer } from './token-check.js'

/** What the host works with. */
export interface PluginHostOptions {
  /** The kernel's own parts and the loaded plugins, in the order in which ties are resolved. */
  readonly entries: readonly PluginEntry[]
  /** What was found before: of the file, and of plugins that could not be loaded. */
  readonly problems?: readonly Problem[]
  readonly clock: Clock
  /** The logger of an instance; also asked for `plugin-host`. */
  readonly log: (instance: string) => Logger
  /** Milliseconds: for each plugin to start, for all together to drain, for each to stop. */
  readonly timeouts: { readonly start: number, readonly drain: number, readonly stop: number }
  /** Plugins that could be enabled; asked only when a service is missing. */
  readonly offers?: () => Promise<readonly Offer[]>
  /** Called when a plugin reports that it died after it had started; it is already in the log. Must not block. */
  readonly onFailure?: (instance: string, error: Error) => void
}

/** One line of `caxton plugins list`. */
export interface PluginListing {
  readonly instance: string
  readonly plugin: string
  readonly summary: string
  readonly stability: Stability
  readonly state: PluginState
  readonly builtIn: boolean
  readonly optional: boolean
  readonly provides: readonly string[]
  readonly needs: readonly string[]
  readonly asks: readonly string[]
}

/** How one instance does. */
export interface InstanceHealth extends Health {
  readonly instance: string
  /** The server counts as degraded, not as failed, when an optional plugin fails. */
  readonly optional: boolean
}

/**
 * Owns the life of every plugin, the kernel's parts included: checks them together, starts them one after another in
 * the order of their needs, and ends them in exact reverse. Used for one life: check, start, drain, stop.
 */
export class PluginHost {
  private readonly instances: ReadonlyMap<string, PluginInstance>
  private readonly began: PluginInstance[] = []
  private readonly calledOff = new AbortController()
  private readonly log: Logger
  private plan: Promise<StartPlan> | undefined
  private starting: Promise<readonly Problem[]> | undefined
  private stopping: Promise<void> | undefined

  constructor (private readonly options: PluginHostOptions) {
    this.log = options.log('plugin-host')
    const failed = (instance: string, error: Error): void => { this.died(instance, error) }
    this.instances = new Map(options.entries.map(entry => [entry.instance,
      new PluginInstance(entry, { clock: options.clock, log: options.log(entry.instance), failed })]))
  }

  /**
   * Every problem of every plugin, without starting anything. Those that are `ignored` keep only optional plugins out.
   */
  async check (): Promise<readonly Problem[]> {
    return (await this.planned()).problems
  }

  /** What the plugins that could start say of it, and what they find that would keep them from it. */
  async outlooks (): ReturnType<typeof outlooksOf> {
    const isUnknown = this.options.problems?.some(({ phase }) => phase === 'load') ?? false
    return await outlooksOf((await this.planned()).order, isUnknown ? undefined : operationsOf(this.services()))
  }

  /**
   * Starts every plugin, one after another. Rejects with `CONFIGURATION_REFUSED` before anything started, or with
   * `SERVER_NOT_STARTED` after everything that began was stopped; both carry `details.problems`. Resolves with the
   * problems of optional plugins.
   */
  start (signal: AbortSignal): Promise<readonly Problem[]> {
    this.starting ??= this.startAll(AbortSignal.any([signal, this.calledOff.signal]))
    return this.starting
  }

  /** Lets the plugins finish their work, in reverse order. Rejects with an `AggregateError` of all that went wrong. */
  async drain (signal: AbortSignal): Promise<void> {
    const { clock, timeouts } = this.options
    const end = clock.elapsed() + timeouts.drain
    await this.inReverse('drain', instance => instance.drain(end - clock.elapsed(), signal))
  }

  /**
   * Ends every plugin that began, in reverse order; calls off a start that is under way. Rejects like {@link drain}.
   */
  stop (): Promise<void> {
    this.stopping ??= this.stopAll()
    return this.stopping
  }

  /** Handlers of every plugin that is ready, in start order. */
  contributions (): readonly Contribution[] {
    return this.began.flatMap(instance => instance.contributions)
  }

  /** Services of every plugin whose operations are to be offered, whether or not it has started. */
  services (): readonly DescService[] {
    return this.options.entries.flatMap(({ plugin }) => (plugin.operations ?? []).map(({ service }) => service))
  }

  /** How every plugin does, in the order of the configuration. */
  health (): readonly InstanceHealth[] {
    return [...this.instances.values()].map(instance =>
      ({ ...instance.health(), instance: instance.entry.instance, optional: instance.entry.optional }))
  }

  /** How one plugin does. Asked of each in turn, as the board of the server does, {@link health} would ask all of all. */
  healthOf (instance: string): Health {
    return this.instances.get(instance)?.health() ?? { state: 'failed', detail: 'there is no such plugin' }
  }

  /** Every plugin, in the order of the configuration. */
  list (): readonly PluginListing[] {
    return [...this.instances.values()].map(({ entry: { instance, plugin, builtIn, optional }, state }) => ({
      instance, plugin: plugin.name, summary: plugin.summary, stability: plugin.stability, state, builtIn, optional,
      provides: providedTokens(plugin).map(({ id }) => id),
      needs: neededTokens(plugin).map(({ id }) => id),
      asks: plugin.asks ?? [],
    }))
  }

  private planned (): Promise<StartPlan> {
    const { entries, problems, offers } = this.options
    this.plan ??= checkPlugins(entries, problems ?? [], offers ?? (async () => []))
    return this.plan
  }

  private async startAll (signal: AbortSignal): Promise<readonly Problem[]> {
    const plan = await this.planned()
    const { problems } = plan
    if (problems.some(problem => !problem.ignored)) throw ConfigurationRefused({ problems })
    const { clock, timeouts } = this.options
    const surroundings = { clock, timeouts, log: this.log, instances: this.instances }
    return await new StartSequence(plan, surroundings, this.began).run(signal)
  }

  private async stopAll (): Promise<void> {
    this.calledOff.abort()
    await this.starting?.catch(() => undefined)
    await this.inReverse('stop', instance => instance.stop(this.options.timeouts.stop))
  }

  private async inReverse (doing: 'drain' | 'stop', step: (instance: PluginInstance) => Promise<void>): Promise<void> {
    const errors: unknown[] = []
    for (const instance of [...this.began].reverse()) {
      try {
        await step(instance)
      } catch (error) {
        errors.push(error)
        const causes = error instanceof Error ? causesOf(error.cause) : []
        this.log.error(textOf(error), { instance: instance.entry.instance, causes })
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} plugins did not ${doing} properly`)
  }

  private died (instance: string, error: Error): void {
    this.log.error('plugin failed', { instance, error: textOf(error) })
    this.options.onFailure?.(instance, error)
  }
}
