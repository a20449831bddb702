import type { Plugin, PluginLife } from '../../kernel/contract/index.js'
import { problemOf, type Problem } from '../../kernel/lifecycle/configuration/problem.js'
import { StartFailed } from '../../kernel/lifecycle/plugins/plugin-errors.js'
import type { PluginEntry } from '../../kernel/lifecycle/plugins/plugin-loader.js'

/** A plugin as a test needs it: what is not said does nothing. */
export type PluginParts = Partial<Omit<Plugin, 'register' | 'config'>> &
  Partial<Pick<PluginEntry, 'optional' | 'config' | 'problems'>> & {
  /** Services by token id, given by `register`. */
  readonly gives?: Readonly<Record<string, unknown>>
  readonly life?: PluginLife
  readonly register?: Plugin['register'] | undefined
}

/** An entry of the plugin host. `gives` and `life` are what its `register` provides and returns. */
export function entryOf (instance: string, parts: PluginParts = {}): PluginEntry {
  const { optional = false, config = {}, problems, gives = {}, life, register, main, ...declared } = parts
  const byRegister: Plugin['register'] = registration => {
    for (const provided of declared.provides ?? []) {
      const token = 'from' in provided ? provided.token : provided
      registration.provide(token, token.id in gives ? gives[token.id] : { of: instance })
    }
    return life
  }
  const plugin: Plugin = {
    name: instance, summary: `The plugin ${instance}.`, stability: 'stable', contract: '^1.0', ...declared,
    ...main === undefined ? { register: register ?? byRegister } : { main },
  }
  return {
    instance, plugin, config, optional, allow: [], builtIn: true,
    ...problems === undefined ? {} : { problems },
  }
}

/** A problem that was found before the host came into being. */
export function earlierProblem (instance: string): Problem {
  return problemOf(StartFailed({ instance, doing: 'was tested' }), { phase: 'load', instance })
}
