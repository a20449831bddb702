import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from '../contract/command.js'
import type { Plugin } from '../contract/plugin.js'
import type { CommandIndex, IndexedCommand, IndexedError } from './index/command-index.js'

/** What plugins that are not built in give to the program, and what kept some of them from it. */
export interface Strangers {
  readonly commands: readonly IndexedCommand[]
  readonly errors: readonly IndexedError[]
  readonly problems: readonly string[]
}

/**
 * Reads the faces of the plugins that a configuration names with `use` and that are not built in: packages are resolved
 * from the file's folder and then from Caxton's, paths from the file's folder. A built-in command can't be replaced. Never throws.
 */
export async function findStrangers (configurationFile: string, index: CommandIndex): Promise<Strangers> {
  const found = { commands: [] as IndexedCommand[], errors: [] as IndexedError[], problems: [] as string[] }
  for (const use of await namedPlugins(configurationFile, index.plugins, found.problems)) {
    try {
      const { name, commands = [], errors = [] } = await importFace(use, configurationFile)
      found.commands.push(...commands.filter(command => isNew(command, [...index.commands, ...found.commands]))
        .map(command => ({ ...command, from: name })))
      found.errors.push(...errors.map(({ code, kind, meaning, remedy }) => ({ from: name, code, kind, meaning, remedy })))
    } catch (error) {
      found.problems.push(`the commands of plugin ${use} are not available: ${reasonOf(error)}`)
    }
  }
  return found
}

const reasonOf = (error: unknown): string => error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)

const isNew = (command: Command, known: readonly Command[]): boolean =>
  !known.some(other => other.path.join(' ') === command.path.join(' '))

async function namedPlugins (file: string, builtIn: readonly string[], problems: string[]): Promise<string[]> {
  try {
    const { parse } = await import('smol-toml')
    const plugins = tableOf(parse(await readFile(file, 'utf8'))['plugins'])
    const names = Object.values(plugins).map(tableOf)
      .filter(table => table['enabled'] !== false)
      .flatMap(table => typeof table['use'] === 'string' ? [table['use']] : [])
    return [...new Set(names)].filter(name => !builtIn.includes(name))
  } catch (error) {
    problems.push(`the commands of the plugins in ${file} are not available: ${reasonOf(error)}`)
    return []
  }
}

const tableOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}

async function importFace (use: string, configurationFile: string): Promise<Plugin> {
  const module: { default?: unknown } = await import(locate(use, configurationFile))
  if (isPlugin(module.default)) return module.default
  throw new Error('its default export is no plugin')
}

function locate (use: string, configurationFile: string): string {
  if (use.startsWith('.') || isAbsolute(use)) return pathToFileURL(resolve(configurationFile, '..', use)).href
  try {
    return pathToFileURL(createRequire(resolve(configurationFile)).resolve(use)).href
  } catch {
    return import.meta.resolve(use)
  }
}

const isPlugin = (face: unknown): face is Plugin =>
  typeof face === 'object' && face !== null && 'name' in face && typeof face.name === 'string'
