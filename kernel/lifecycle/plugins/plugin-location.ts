import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { CaxtonError } from '../../contract/index.js'
import { didYouMean } from '../../contract/nearest.js'
import { isFile, packageEntry } from './package-entry.js'
import { PluginNotFound, PluginNotJavaScript } from './plugin-errors.js'

/** Where plugins are looked for. */
export interface PluginSources {
  /** Folder with one folder for each built-in plugin: `dist/plugins` of the package. */
  readonly builtInFolder: string
  /** That of the configuration file: files and packages are looked for from here first. */
  readonly folder: string
  /** That of Caxton: packages are looked for from here next. */
  readonly packageRoot: string
}

/** A plugin's module that was found, or why not. */
export type PluginLocation =
  | { readonly file: string, readonly builtIn: boolean }
  | { readonly error: CaxtonError, readonly remedy?: string }

const FACE = 'plugin.js'

/** Names of the built-in plugins: the folders that have a `plugin.js`, sorted. The kernel holds no list of them. */
export async function builtInNames (builtInFolder: string): Promise<string[]> {
  const entries = await readdir(builtInFolder, { withFileTypes: true }).catch(() => [])
  const names: string[] = []
  for (const entry of entries) {
    if (entry.isDirectory() && await isFile(path.join(builtInFolder, entry.name, FACE))) names.push(entry.name)
  }
  return names.sort()
}

export const builtInFile = (builtInFolder: string, name: string): string => path.join(builtInFolder, name, FACE)

/**
 * Finds the module of a plugin without loading it: so a module that is missing inside the plugin is not taken for a
 * missing plugin later.
 */
export async function locatePlugin (
  use: string, sources: PluginSources, builtIns: readonly string[],
): Promise<PluginLocation> {
  if (builtIns.includes(use)) return { file: builtInFile(sources.builtInFolder, use), builtIn: true }
  return isPath(use) ? locateFile(use, sources.folder) : await locatePackage(use, sources, builtIns)
}

function isPath (use: string): boolean {
  return use.startsWith('.') || path.isAbsolute(use) || use.startsWith('file:')
}

async function locateFile (use: string, folder: string): Promise<PluginLocation> {
  const file = use.startsWith('file:') ? new URL(use).pathname : path.resolve(folder, use)
  if (isTypeScript(file)) return { error: PluginNotJavaScript({ use, file }) }
  if (await isFile(file)) return { file, builtIn: false }
  const remedy = 'Name a JavaScript file, relative to the configuration file.'
  return { error: PluginNotFound({ use, lookedIn: [file] }), remedy }
}

async function locatePackage (
  use: string, sources: PluginSources, builtIns: readonly string[],
): Promise<PluginLocation> {
  for (const folder of [sources.folder, sources.packageRoot]) {
    const file = await packageEntry(use, folder)
    if (file === undefined) continue
    if (isTypeScript(file)) return { error: PluginNotJavaScript({ use, file }) }
    if (await isFile(file)) return { file, builtIn: false }
    const source = await typeScriptOf(file)
    if (source !== undefined) return { error: PluginNotJavaScript({ use, file: source }) }
    const remedy = 'The package lacks its own entry: reinstall it.'
    return { error: PluginNotFound({ use, lookedIn: [file] }), remedy }
  }
  const lookedIn = ['the built-in plugins', `packages from ${sources.folder}`, `packages from ${sources.packageRoot}`]
  const remedy = `Built-in plugins: ${builtIns.join(', ') || 'none'}${didYouMean(use, builtIns)}. ` +
    `Install a package with: npm install --prefix ${sources.folder} ${use}`
  return { error: PluginNotFound({ use, lookedIn }), remedy }
}

const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file)

/** The source that stands where the compiled entry of a package is missing, if it came with one. */
async function typeScriptOf (file: string): Promise<string | undefined> {
  const stem = file.replace(/\.[cm]?js$/, '')
  const inSource = stem.replace(`${path.sep}dist${path.sep}`, `${path.sep}src${path.sep}`)
  for (const candidate of [`${stem}.ts`, `${inSource}.ts`]) if (await isFile(candidate)) return candidate
  return undefined
}
