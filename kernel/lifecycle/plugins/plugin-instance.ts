import { isCaxtonError, type Clock, type Health, type Logger, type PluginContext, type Token } from '../../contract/index.js'
import { textOf } from '../configuration/problem.js'
import type { PluginClass } from './container.js'
import { within } from './deadline.js'
import {
  DrainFailed, DrainTimeout, StartCancelled, StartFailed, StartTimeout, StopFailed, StopTimeout,
} from './plugin-errors.js'
import type { PluginEntry } from './plugin-loader.js'
import { wire, type WiredPlugin } from './wiring.js'

/** Where a plugin is in its life. `failed` stays visible until the server ends. */
export type PluginState = 'waiting' | 'starting' | 'ready' | 'draining' | 'stopped' | 'failed'

/** Handlers that a plugin contributes, for the operations registry. */
export interface Contribution {
  readonly instance: string
  /** Name of the plugin: operations belong to it, not to the instance. */
  readonly plugin: string
  readonly service: NonNullable<PluginEntry['plugin']['operations']>[number]['service']
  readonly handlers: Readonly<Record<string, unknown>>
}

/** What a running plugin needs from its host. */
export interface InstanceSurroundings {
  readonly clock: Clock
  readonly log: Logger
  /** Called when the plugin reports that it died after it had started. */
  readonly failed: (instance: string, error: Error) => void
}

/** One plugin in its life. Its host says when each step is due; this takes care that a step ends. */
export class PluginInstance {
  private current: PluginState = 'waiting'
  private detail: string | undefined
  /** What it reported while it was still starting: its start has then failed. */
  private early: Error | undefined
  private wired: WiredPlugin | undefined
  private mustStop = false
  private contributed: readonly Contribution[] = []

  constructor (readonly entry: PluginEntry, private readonly surroundings: InstanceSurroundings) {}

  get state (): PluginState {
    return this.current
  }

  get contributions (): readonly Contribution[] {
    return this.contributed
  }

  /**
   * Puts it together and starts it. Rejects with what the plugin declared, `START_FAILED`, `START_TIMEOUT` or
   * `START_CANCELLED`; then {@link stop} is due.
   */
  async start (
    main: PluginClass | undefined, resolve: (token: Token<unknown>) => unknown,
    milliseconds: number, signal: AbortSignal,
  ): Promise<void> {
    const { instance, plugin, config } = this.entry
    // An error that its author declared says more than that there was one: its code and its remedy are for the operator.
    const failed = (doing: string, cause: unknown): Error =>
      this.failure(isCaxtonError(cause) ? cause : StartFailed({ instance, doing }, { cause }))
    this.current = 'starting'
    const wired = attempt(() => wire({ plugin, context: this.context(), config, resolve }, main),
      cause => failed('was put together', cause))
    this.wired = wired
    await within({
      clock: this.surroundings.clock, milliseconds, signal,
      late: () => this.failure(StartTimeout({ instance, milliseconds })),
      cancelled: () => this.failure(StartCancelled({ instance })),
    }, async inner => {
      this.mustStop = true
      await settle(() => wired.life.start?.(inner), cause => failed('started', cause))
    })
    if (this.early !== undefined) throw failed('started', this.early)
    this.contributed = attempt(() => this.contribute(wired), cause => failed('gave its handlers', cause))
    this.current = 'ready'
  }

  /** Lets it finish its work. Rejects with `DRAIN_FAILED` or `DRAIN_TIMEOUT`. */
  async drain (milliseconds: number, signal: AbortSignal): Promise<void> {
    const { instance } = this.entry
    const life = this.wired?.life
    if (this.current === 'ready') this.current = 'draining'
    if (life?.drain === undefined) return
    const late = () => DrainTimeout({ instance })
    if (milliseconds <= 0) throw late()
    await within({ clock: this.surroundings.clock, milliseconds, signal, late, cancelled: late },
      inner => settle(() => life.drain?.(inner), cause => DrainFailed({ instance }, { cause })))
  }

  /** Ends it, if it began. Rejects with `STOP_FAILED` or `STOP_TIMEOUT`. Does nothing the second time. */
  async stop (milliseconds: number): Promise<void> {
    const { instance } = this.entry
    if (this.current !== 'failed') this.current = 'stopped'
    if (!this.mustStop) return
    this.mustStop = false
    const late = () => StopTimeout({ instance, milliseconds })
    await within({ clock: this.surroundings.clock, milliseconds, late, cancelled: late },
      () => settle(() => this.wired?.life.stop?.(), cause => StopFailed({ instance }, { cause })))
  }

  /** A service that it provides, once it is put together. */
  service (token: string): unknown {
    return this.wired?.provided.get(token)
  }

  /** How it does, by its state and its own word. Answers at once. */
  health (): Health {
    if (this.current === 'failed') return { state: 'failed', detail: this.detail ?? 'it failed' }
    if (this.current !== 'ready') return { state: 'degraded', detail: this.current }
    try {
      return this.wired?.life.health?.() ?? { state: 'ready' }
    } catch (error) {
      return { state: 'failed', detail: `its health check threw: ${textOf(error)}` }
    }
  }

  /** Notes that it can't start, before anything of it was made. */
  giveUp (detail: string): void {
    this.current = 'failed'
    this.detail = detail
  }

  private failure<E extends Error> (error: E): E {
    this.giveUp(error.cause === undefined ? error.message : `${error.message}: ${textOf(error.cause)}`)
    return error
  }

  private contribute ({ main }: WiredPlugin): readonly Contribution[] {
    const { instance, plugin } = this.entry
    return (plugin.operations ?? []).map(({ service, handlersOf }) =>
      ({ instance, plugin: plugin.name, service, handlers: handlersOf(main) }))
  }

  private context (): PluginContext {
    const { instance } = this.entry
    const { log, failed } = this.surroundings
    return {
      instance,
      log,
      fail: error => {
        if (this.current === 'stopped' || this.current === 'failed') return
        if (this.current === 'starting') {
          this.early ??= error
          return
        }
        this.giveUp(textOf(error))
        failed(instance, error)
      },
    }
  }
}

function attempt<T> (work: () => T, refused: (cause: unknown) => Error): T {
  try {
    return work()
  } catch (cause) {
    throw refused(cause)
  }
}

async function settle (work: () => Promise<void> | undefined, refused: (cause: unknown) => Error): Promise<void> {
  try {
    await work()
  } catch (cause) {
    throw refused(cause)
  }
}
