import { hostname } from 'node:os'
import path from 'node:path'
import { applyLayers } from './layers.js'
import { kernelSchema, type KernelConfiguration } from './kernel-schema.js'
import { readKernelSections, sectionOf } from './kernel-sections.js'
import { readPluginTables, type PluginTable } from './plugin-tables.js'
import type { Problem } from './problem.js'
import { at, reportUnknownKeys, type ReadContext } from './read-table.js'
import { readTomlFile } from './toml-file.js'
import { readValueFile } from './value-file.js'
import { substituteVariables, type Environment } from './variables.js'

/** Where a configuration comes from. */
export interface ConfigurationSource {
  /** Path after `--config`; without it the packaged `config/dev.toml` is read. */
  readonly file?: string | undefined
  readonly environment: Environment
  /** Each `path=value`, in the order given. */
  readonly sets: readonly string[]
  /** Folder of the installed package. */
  readonly packageRoot: string
  /**
   * Relative paths on the command line, and those in the packaged file, are taken from here. Default: that of the
   * process.
   */
  readonly workingFolder?: string | undefined
  /** Stands in for `node.id`. Default: that of the machine. */
  readonly hostName?: string | undefined
}

/** A configuration that was read. With problems the rest is of use only to go on looking for more of them. */
export interface Configuration {
  /** Absolute path of the file. */
  readonly file: string
  /** Relative paths in it, and packages named in it, are looked for from here. */
  readonly folder: string
  /** Whether this is the packaged development configuration. */
  readonly packaged: boolean
  readonly problems: readonly Problem[]
  readonly kernel: KernelConfiguration
  /** In the order of the file, disabled ones included. */
  readonly plugins: readonly PluginTable[]
}

/**
 * Reads the configuration: file, then `CAXTON_SECTION__KEY` variables over it, then `--set` options over both. Never
 * throws: every problem is in the result, all of them in one run. The plugins' own keys are checked when the plugins
 * are loaded.
 */
export async function readConfiguration (source: ConfigurationSource): Promise<Configuration> {
  const workingFolder = source.workingFolder ?? process.cwd()
  const packaged = source.file === undefined
  const file = packaged
    ? path.join(source.packageRoot, 'config', 'dev.toml')
    : path.resolve(workingFolder, source.file ?? '')
  const folder = packaged ? workingFolder : path.dirname(file)
  const problems: Problem[] = []

  const written = await readTomlFile(file, problems)
  const table = substituteVariables(written, source.environment, name => readValueFile(folder, name), problems)
  applyLayers(table, source.environment, source.sets, problems)

  const context: ReadContext = { path: '', folder, phase: 'configure', problems }
  reportUnknownKeys(table, [...Object.keys(kernelSchema), 'plugins'], context)
  const kernel = readKernelSections(table, source.hostName ?? hostname(), context)
  const plugins = readPluginTables(sectionOf(table, 'plugins', context), at(context, 'plugins'))
  return { file, folder, packaged, problems, kernel, plugins }
}
