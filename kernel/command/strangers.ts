import { fileURLToPath } from 'node:url'
import type { Command } from '../contract/command.js'
import type { Plugin } from '../contract/plugin.js'
import { readConfiguration } from '../lifecycle/configuration/read-configuration.js'
import { importPlugin } from '../lifecycle/plugins/plugin-import.js'
import { locatePlugin, type PluginSources } from '../lifecycle/plugins/plugin-location.js'
import { DIST, indexedError, type CommandIndex, type IndexedCommand, type IndexedError } from './index/command-index.js'

/** What plugins that are not built in give to the program, and what kept some of them from it. */
export interface Strangers {
  readonly commands: readonly IndexedCommand[]
  readonly errors: readonly IndexedError[]
  readonly problems: readonly string[]
}

/** Where the strangers are named. */
export interface StrangersSource {
  /** Absolute path of the configuration. */
  readonly file: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly index: CommandIndex
}

/**
 * Reads the faces of the plugins that a configuration names and that are not built in, found as the server finds them.
 * A command that is there already can't be replaced. Never throws.
 */
export async function findStrangers ({ file, environment, index }: StrangersSource): Promise<Strangers> {
  const packageRoot = fileURLToPath(new URL('../', DIST))
  const configuration = await readConfiguration({ file, environment, sets: [], packageRoot })
  const sources = { builtInFolder: fileURLToPath(new URL('plugins/', DIST)), folder: configuration.folder, packageRoot }
  const wanted = configuration.plugins.filter(({ enabled, use }) => enabled && !index.plugins.includes(use))
  const problems = configuration.problems.filter(({ phase }) => phase === 'read').map(({ message }) => message)
  const commands: IndexedCommand[] = []
  const errors: IndexedError[] = []
  for (const use of new Set(wanted.map(table => table.use))) {
    const face = await faceOf(use, sources, index.plugins)
    if (typeof face === 'string') {
      problems.push(`the commands of plugin ${use} are not available: ${face}`)
      continue
    }
    const fresh = (face.commands ?? []).filter(command => isNew(command, [...index.commands, ...commands]))
    commands.push(...fresh.map(command => ({ ...command, from: face.name })))
    errors.push(...(face.errors ?? []).map(entry => indexedError(entry, face.name)))
  }
  return { commands, errors, problems }
}

/** The face of a plugin, or why it can't be read. */
async function faceOf (use: string, sources: PluginSources, builtIns: readonly string[]): Promise<Plugin | string> {
  const location = await locatePlugin(use, sources, builtIns)
  if ('error' in location) return location.error.message
  const imported = await importPlugin(use, location.file)
  return 'plugin' in imported ? imported.plugin : imported.errors.map(({ message }) => message).join('; ')
}

const isNew = (command: Command, known: readonly Command[]): boolean =>
  !known.some(other => other.path.join(' ') === command.path.join(' '))
