import { readdir } from 'node:fs/promises'
import { posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from '../../contract/command.js'
import type { ErrorEntry } from '../../contract/errors.js'
import type { Plugin } from '../../contract/plugin.js'
import { packageVersion } from '../../lifecycle/package-root.js'
import { CommandIndexInvalid } from '../command-errors.js'
import { kernelCommands } from '../commands/kernel-commands.js'
import { indexedError, type CommandIndex, type IndexedCommand, type IndexedError } from './command-index.js'
import { commandProblems, errorProblems } from './index-rules.js'

/** What the build writes for the program. */
export interface Indexes {
  readonly commands: CommandIndex
  readonly errors: readonly IndexedError[]
}

/**
 * Imports the faces of all built-in plugins and the error tables of the kernel from a compiled tree, and makes the
 * indexes. Throws `COMMAND_INDEX_INVALID` with every problem found.
 */
export async function buildIndexes (dist: URL): Promise<Indexes> {
  const faces = await pluginFaces(dist)
  const commands = [
    ...kernelCommands.map(command => indexed(command, 'kernel', dist)),
    ...faces.flatMap(({ name, commands = [] }) => commands.map(command => indexed(command, name, dist))),
  ]
  const kernel = await kernelErrors(dist)
  const errors = [
    ...kernel.entries.map(entry => indexedError(entry, 'kernel')),
    ...faces.flatMap(({ name, errors = [] }) => errors.map(entry => indexedError(entry, name))),
  ].sort((a, b) => a.code < b.code ? -1 : 1)
  const connectors = faces.flatMap(({ connector }) => connector === undefined ? [] : [fromDist(connector, dist)])
  const problems = [
    ...commandProblems(commands), ...errorProblems(errors), ...kernel.problems,
    ...(connectors.length > 1 ? [`several plugins offer a connector: ${connectors.join(', ')}`] : []),
  ]
  if (problems.length > 0) throw CommandIndexInvalid({ problems })
  const connector = connectors[0]
  return {
    commands: {
      version: packageVersion(),
      commands,
      ...(connector === undefined ? {} : { connector }),
      plugins: faces.map(({ name }) => name),
    },
    errors,
  }
}

function indexed (command: Command, from: string, dist: URL): IndexedCommand {
  const { path, summary, arguments: positional, options, examples, module } = command
  return {
    path, summary, examples, from, module: fromDist(module, dist),
    ...(positional === undefined ? {} : { arguments: positional }), ...(options === undefined ? {} : { options }),
  }
}

/** The URL of a module, relative to the compiled tree, so that the tree can be moved. */
const fromDist = (module: string, dist: URL): string =>
  relative(fileURLToPath(dist), fileURLToPath(module)).replaceAll(sep, posix.sep)

async function pluginFaces (dist: URL): Promise<Plugin[]> {
  const files = (await filesBelow(new URL('plugins/', dist))).filter(file => /^[^/]+\/plugin\.js$/.test(file))
  return await Promise.all(files.map(async file => {
    const module = await import(new URL(`plugins/${file}`, dist).href) as { readonly default: Plugin }
    return module.default
  }))
}

interface KernelErrors {
  readonly entries: readonly ErrorEntry[]
  /** Errors that no table holds, so that nobody could look them up. */
  readonly problems: readonly string[]
}

/** The entries of every array `...Errors` that a module `...-errors.js` of the kernel exports. */
async function kernelErrors (dist: URL): Promise<KernelErrors> {
  const files = (await filesBelow(new URL('kernel/', dist))).filter(file => file.endsWith('-errors.js'))
  const entries = new Set<ErrorEntry>()
  const loose: string[] = []
  for (const file of files) {
    const module = await import(new URL(`kernel/${file}`, dist).href) as Readonly<Record<string, unknown>>
    const tables = Object.entries(module)
      .flatMap(([name, value]) => name.endsWith('Errors') && isTable(value) ? value : [])
    for (const entry of tables) entries.add(entry)
    const outside = Object.values(module).filter(isEntry).filter(entry => !entries.has(entry))
    loose.push(...outside.map(({ code }) => `kernel/${file} leaves ${code} out of its table`))
  }
  return { entries: [...entries], problems: loose }
}

const isTable = (value: unknown): value is readonly ErrorEntry[] => Array.isArray(value) && value.every(isEntry)

const isEntry = (value: unknown): value is ErrorEntry =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && 'code' in value && 'remedy' in value

async function filesBelow (folder: URL): Promise<string[]> {
  try {
    const files = await readdir(folder, { recursive: true })
    return files.map(file => file.replaceAll(sep, posix.sep)).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
