import { pathToFileURL } from 'node:url'
import semver from 'semver'
import { CONTRACT_VERSION, type CaxtonError, type Plugin } from '../../contract/index.js'
import { PluginContract, PluginImportFailed, PluginMalformed } from './plugin-errors.js'
import { isPlugin } from './plugin-shape.js'
import { isRecord } from './schema-shape.js'

/** A plugin that was loaded; or everything that is wrong with what its module exports. */
export type ImportedPlugin = { readonly plugin: Plugin } | { readonly errors: readonly CaxtonError[] }

/** Imports a plugin's module and checks its shape and the contract it was written for. Its class is not loaded. */
export async function importPlugin (use: string, file: string): Promise<ImportedPlugin> {
  try {
    return acceptPlugin(use, defaultOf(await import(pathToFileURL(file).href)))
  } catch (cause) {
    return { errors: [PluginImportFailed({ use, file }, { cause })] }
  }
}

/** Checks the shape of what a plugin's module exports, and the contract it was written for. */
export function acceptPlugin (use: string, exported: unknown): ImportedPlugin {
  const complaints: string[] = []
  if (!isPlugin(exported, complaints)) {
    return { errors: complaints.map(complaint => PluginMalformed({ use, complaint })) }
  }
  if (semver.satisfies(CONTRACT_VERSION, exported.contract, { includePrerelease: true })) return { plugin: exported }
  return { errors: [PluginContract({ use, wanted: exported.contract, have: CONTRACT_VERSION })] }
}

/** A CommonJS module that was compiled from ESM has its default one level down. */
function defaultOf (module: unknown): unknown {
  const exported = isRecord(module) ? module.default : undefined
  return isRecord(exported) && exported.__esModule === true ? exported.default : exported
}
