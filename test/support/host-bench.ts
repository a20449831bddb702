import { isCaxtonError, token, tokenMany, type PluginLife } from '../../kernel/contract/index.js'
import type { Problem } from '../../kernel/lifecycle/configuration/problem.js'
import { PluginHost, type PluginHostOptions } from '../../kernel/lifecycle/plugins/plugin-host.js'
import type { PluginEntry } from '../../kernel/lifecycle/plugins/plugin-loader.js'
import { entryOf, type PluginParts } from './plugin-entries.js'
import { RecordingLogger } from './recording-logger.js'
import { VirtualClock } from './virtual-clock.js'

export const Store = token<object>('acme/store@1')
export const Doors = tokenMany<object>('acme/door@1')

export const never = (): Promise<never> => new Promise(() => {})

/** A signal that nobody aborts. */
export const idle: AbortSignal = new AbortController().signal

/** What a test of the plugin host works with: a clock it turns, a log it reads, and what the plugins wrote down. */
export class HostBench {
  readonly clock = new VirtualClock()
  readonly log = new RecordingLogger()
  readonly events: string[] = []

  hostOf (entries: readonly PluginEntry[], options: Partial<PluginHostOptions> = {}): PluginHost {
    const timeouts = { start: 1000, drain: 1000, stop: 1000 }
    return new PluginHost({ entries, clock: this.clock, log: () => this.log, timeouts, ...options })
  }

  /** An entry whose hooks write down that they were called. */
  noisy (instance: string, parts: PluginParts = {}, life: PluginLife = {}): PluginEntry {
    const note = (hook: string): void => { this.events.push(`${hook} ${instance}`) }
    return entryOf(instance, {
      ...parts,
      life: {
        start: async signal => { note('start'); await life.start?.(signal) },
        drain: async signal => { note('drain'); await life.drain?.(signal) },
        stop: async () => { note('stop'); await life.stop?.() },
        ...life.health === undefined ? {} : { health: life.health },
      },
    })
  }
}

/** The code and the problems with which a start is refused. */
export async function refusal (work: Promise<unknown>): Promise<{ code: string, problems: readonly Problem[] }> {
  try {
    await work
  } catch (error) {
    if (!isCaxtonError(error) || !('problems' in error.details) || !Array.isArray(error.details.problems)) throw error
    return { code: error.code, problems: error.details.problems }
  }
  throw new Error('it was not refused')
}

export const codes = (problems: readonly Problem[]): string[] =>
  problems.map(({ instance, code, ignored }) => `${instance} ${code}${ignored ? ' ignored' : ''}`)

export const states = (host: PluginHost): string =>
  host.list().map(({ instance, state }) => `${instance} ${state}`).join(', ')
