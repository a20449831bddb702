import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Health, Plugin, PluginContext, Token } from '../../../kernel/contract/index.js'
import { tryPlugin, type PluginTrial, type WiredPlugin } from '../../../kernel/index.js'
import { Faults } from './faults.js'
import { GivenLog, GivenServices, type GivenService } from './given-services.js'
import type { PluginSubject } from './subject.js'

/** Reads the plugin from its module, as a server does. */
export async function trialOf ({ module, config = {} }: PluginSubject, folder: string): Promise<PluginTrial> {
  const { default: exported } = await import(module.href) as { readonly default: unknown }
  return await tryPlugin(exported, config, folder)
}

/** A plugin that was put together, with what it says. */
export interface Actor {
  readonly wired: WiredPlugin
  readonly log: GivenLog
  /** What it reported by `fail`. */
  readonly failures: readonly Error[]
  /** Signals that it was handed. */
  readonly signals: readonly AbortSignal[]
  start (signal?: AbortSignal): Promise<void>
  drain (signal?: AbortSignal): Promise<void>
  stop (): Promise<void>
  health (): Health
}

const PATIENCE = 3000

/** A place where one plugin can be started: a folder, the services that it needs, and the plugins that give them. */
export class Stage {
  readonly patience: number
  readonly #given: GivenServices
  readonly #services: GivenService[]
  readonly #ends: Array<() => Promise<unknown>> = []

  private constructor (readonly trial: PluginTrial, folder: string, subject: PluginSubject, faults: Faults) {
    this.patience = subject.patience ?? PATIENCE
    this.#given = new GivenServices(folder, faults)
    const services = (subject.services ?? []).map(([token, service]) => ({ token, instance: 'subject', service }))
    const own = new Set(services.map(({ token }) => token.id))
    this.#services = [...this.#given.list().filter(({ token }) => !own.has(token.id)), ...services]
    this.#ends.push(() => this.#given.end(), () => rm(folder, { recursive: true, force: true }))
  }

  /** Sets it up, lets `play` run, and takes it down. */
  static async with<T> (subject: PluginSubject, play: (stage: Stage) => Promise<T>, faults = new Faults()): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'caxton-kit-'))
    const stage = new Stage(await trialOf(subject, folder), folder, subject, faults)
    try {
      for (const plugin of subject.beside ?? []) await stage.#beside(plugin, folder)
      return await play(stage)
    } finally {
      for (const end of stage.#ends.splice(0).toReversed()) await end()
    }
  }

  /** Timers of the clock that are set. */
  get timers (): number {
    return this.#given.clock.pending
  }

  /** What its ports are for that are open. */
  get ports (): readonly string[] {
    return this.#given.listeners.list().map(({ purpose }) => purpose)
  }

  /** Puts the plugin together. `watch` sees every service before the plugin does. */
  put (instance = this.trial.plugin.name, watch: (service: unknown, token: Token<unknown>) => unknown = service => service): Actor {
    return actorOf(this.trial, instance, token => this.#serviceOf(token, instance, watch))
  }

  async #beside (plugin: Plugin, folder: string): Promise<void> {
    const trial = await tryPlugin(plugin, {}, folder)
    const actor = actorOf(trial, plugin.name, token => this.#serviceOf(token, plugin.name, service => service))
    this.#ends.push(() => actor.stop())
    await actor.start()
    for (const provided of plugin.provides ?? []) {
      const token = 'from' in provided ? provided.token : provided
      this.#services.push({ token, instance: plugin.name, service: actor.wired.provided.get(token.id) })
    }
  }

  #serviceOf (token: Token<unknown>, instance: string, watch: (service: unknown, token: Token<unknown>) => unknown): unknown {
    const found = this.#services.filter(({ token: { id } }) => id === token.id)
      .map(given => ({ instance: given.instance, service: watch(this.#given.seenBy(instance, given), token) }))
    if (token.need === 'many') return Object.freeze(found)
    const [first] = found
    if (first === undefined && token.need === 'one') {
      throw new Error(`the plugin needs ${token.id}: give the kit such a service in \`services\`, or a plugin that has one in \`beside\``)
    }
    return first?.service
  }
}

function actorOf (trial: PluginTrial, instance: string, serviceOf: (token: Token<unknown>) => unknown): Actor {
  const log = new GivenLog()
  const failures: Error[] = []
  const signals: AbortSignal[] = []
  const context: PluginContext = { instance, log, fail: error => { failures.push(error) } }
  const wired = trial.wire(context, serviceOf)
  const { life } = wired
  const noted = (signal: AbortSignal): AbortSignal => {
    signals.push(signal)
    return signal
  }
  return {
    wired, log, failures, signals,
    start: async (signal = new AbortController().signal) => { await life.start?.(noted(signal)) },
    drain: async (signal = new AbortController().signal) => { await life.drain?.(noted(signal)) },
    stop: async () => { await life.stop?.() },
    health: () => life.health?.() ?? { state: 'ready' },
  }
}
