import type { CaxtonError, Plugin, Privilege } from '../../contract/index.js'
import { pluginKeys, type PluginTable } from '../configuration/plugin-tables.js'
import { problemOf, type Phase, type Problem } from '../configuration/problem.js'
import { readValues, reportUnknownKeys, type ReadContext } from '../configuration/read-table.js'
import { importPlugin } from './plugin-import.js'
import { builtInFile, builtInNames, locatePlugin, type PluginSources } from './plugin-location.js'
import { PluginMalformed, PrivilegeDenied } from './plugin-errors.js'

/** A plugin under the name of its table, with its configuration read: what the plugin host works on. */
export interface PluginEntry {
  readonly instance: string
  readonly plugin: Plugin
  /** Its own keys, read and typed; empty for the kernel's own parts. */
  readonly config: Readonly<Record<string, unknown>>
  readonly optional: boolean
  readonly allow: readonly Privilege[]
  readonly builtIn: boolean
  /** What is already known to be wrong with it: it is never started. */
  readonly problems?: readonly Problem[]
}

/** The plugins of a configuration: those whose face could be read, and what was wrong with the others. */
export interface LoadedPlugins {
  readonly entries: readonly PluginEntry[]
  /** Of tables whose plugin could not be loaded at all. */
  readonly problems: readonly Problem[]
}

/** Loads every enabled plugin, in the order of the file. Never throws: everything that is wrong is in the result. */
export async function loadPlugins (tables: readonly PluginTable[], sources: PluginSources): Promise<LoadedPlugins> {
  const builtIns = await builtInNames(sources.builtInFolder)
  const entries: PluginEntry[] = []
  const problems: Problem[] = []
  for (const table of tables) {
    if (!table.enabled) continue
    const loaded = await loadPlugin(table, sources, builtIns)
    if ('entry' in loaded) entries.push(loaded.entry)
    else problems.push(...loaded.problems)
  }
  return { entries, problems }
}

/**
 * The faces of all built-in plugins, enabled or not: for the editor's schema, the error reference and advice in
 * reports.
 */
export async function builtInPlugins (builtInFolder: string): Promise<Plugin[]> {
  const plugins: Plugin[] = []
  for (const name of await builtInNames(builtInFolder)) {
    const imported = await importPlugin(name, builtInFile(builtInFolder, name))
    if ('plugin' in imported) plugins.push(imported.plugin)
  }
  return plugins
}

type Loaded = { readonly entry: PluginEntry } | { readonly problems: readonly Problem[] }

async function loadPlugin (table: PluginTable, sources: PluginSources, builtIns: readonly string[]): Promise<Loaded> {
  const { instance, use, optional, allow } = table
  const asProblem = (error: CaxtonError, phase: Phase, remedy?: string): Problem =>
    ({ ...problemOf(error, { phase, instance, path: `plugins.${instance}`, remedy }), ignored: optional })

  const location = await locatePlugin(use, sources, builtIns)
  if ('error' in location) return { problems: [asProblem(location.error, 'load', location.remedy)] }
  const imported = await importPlugin(use, location.file)
  if ('errors' in imported) return { problems: imported.errors.map(error => asProblem(error, 'load')) }

  const { plugin } = imported
  const { builtIn } = location
  const problems: Problem[] = []
  if (builtIn && plugin.name !== use) {
    const complaint = `name must be that of its folder, "${use}", and is "${plugin.name}"`
    problems.push(asProblem(PluginMalformed({ use, complaint }), 'load'))
  }
  const denied = builtIn ? [] : (plugin.asks ?? []).filter(privilege => !allow.includes(privilege))
  if (denied.length > 0) {
    const all = [...new Set([...allow, ...denied])].map(privilege => `"${privilege}"`).join(', ')
    const remedy = `If you agree, grant it with: plugins.${instance}.allow = [${all}]`
    problems.push(asProblem(PrivilegeDenied({ privileges: denied }), 'check', remedy))
  }
  const config = readPluginConfig(table, plugin, sources.folder, problems)
  const entry = { instance, plugin, config, optional, allow, builtIn }
  return { entry: problems.length === 0 ? entry : { ...entry, problems } }
}

/** Reads a plugin's own keys by its schema; what is wrong with them goes to `problems`. */
export function readPluginConfig (
  table: PluginTable, plugin: Plugin, folder: string, problems: Problem[],
): PluginEntry['config'] {
  const { instance, optional } = table
  const found: Problem[] = []
  const schema = plugin.config ?? {}
  const context: ReadContext = { path: `plugins.${instance}`, folder, phase: 'configure', instance, problems: found }
  reportUnknownKeys(table.values, [...Object.keys(schema), ...Object.keys(pluginKeys)], context)
  const config = readValues(schema, table.values, context)
  problems.push(...found.map(problem => ({ ...problem, ignored: optional })))
  return config
}
