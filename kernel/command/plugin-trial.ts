import { isCaxtonError, type Plugin, type PluginContext, type Token } from '../contract/index.js'
import { textOf, type Problem } from '../lifecycle/configuration/problem.js'
import { tableOf } from '../lifecycle/configuration/table.js'
import { loadClasses } from '../lifecycle/plugins/class-check.js'
import type { PluginClass } from '../lifecycle/plugins/container.js'
import { acceptPlugin } from '../lifecycle/plugins/plugin-import.js'
import { readPluginConfig, type PluginEntry } from '../lifecycle/plugins/plugin-loader.js'
import { wire, type WiredPlugin } from '../lifecycle/plugins/wiring.js'
import { OperationRegistry } from '../routing/operations/operation-registry.js'
import { indexedError } from './index/command-index.js'
import { commandProblems, errorProblems } from './index/index-rules.js'

/** A plugin as a server takes it, for those who test plugins. */
export interface PluginTrial {
  readonly plugin: Plugin
  /** Its own keys as it gets them. */
  readonly config: Readonly<Record<string, unknown>>
  /** Everything for which a server or the `caxton` command would refuse it, in sentences. */
  readonly complaints: readonly string[]
  /** Puts it together, as a server does just before it starts it. Throws what the plugin throws, or what is wrong with what it gives. */
  wire (context: PluginContext, serviceOf: (token: Token<unknown>) => unknown): WiredPlugin
  /** What is wrong with the handlers of its operations. */
  handlerComplaints (wired: WiredPlugin): readonly string[]
}

/**
 * Takes what a plugin's module exports, and its keys as an operator writes them (`{ retry_after: '5m' }`), as a server takes them. Starts
 * nothing. Throws an error with everything that is wrong where there is no plugin to speak of.
 */
export async function tryPlugin (exported: unknown, written: object, folder: string): Promise<PluginTrial> {
  const accepted = acceptPlugin('the plugin', exported)
  if ('errors' in accepted) throw new AggregateError(accepted.errors, accepted.errors.map(textOf).join('; '))
  const { plugin } = accepted
  const { entry, problems } = entryOf(plugin, written, folder)
  const loaded = await loadClasses([entry])
  const complaints = [
    ...[...problems, ...loaded.problems].map(({ message, causes }) => [message, ...causes].join(': ')),
    ...commandProblems(plugin.commands ?? []),
    ...errorProblems((plugin.errors ?? []).map(error => indexedError(error, plugin.name))),
  ]
  const main = loaded.classes.get(entry.instance)
  return {
    plugin, config: entry.config, complaints,
    wire: (context, resolve) => wireTried({ plugin, context, config: entry.config, resolve }, main),
    handlerComplaints: wired => handlerComplaints(plugin, wired),
  }
}

function entryOf (plugin: Plugin, written: object, folder: string): { readonly entry: PluginEntry, readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const instance = plugin.name
  const values = tableOf(written, `plugins.${instance}`, problems)
  const table = { instance, use: instance, enabled: true, optional: false, allow: plugin.asks ?? [], values }
  const config = readPluginConfig(table, plugin, folder, problems)
  return { entry: { ...table, plugin, config, builtIn: false }, problems }
}

function wireTried (parts: Parameters<typeof wire>[0], main: PluginClass | undefined): WiredPlugin {
  if (parts.plugin.main !== undefined && main === undefined) throw new Error(`the class of ${parts.plugin.name} can't be used`)
  return wire(parts, main)
}

function handlerComplaints ({ name, operations = [] }: Plugin, { main }: WiredPlugin): string[] {
  const registry = new OperationRegistry()
  return operations.flatMap(({ service, handlersOf }) =>
    registry.problems({ instance: name, service, handlers: handlersOf(main) }))
    .map(error => isCaxtonError(error) ? `${error.message}. ${error.remedy}` : textOf(error))
}
