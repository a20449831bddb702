import { DEFAULT_MODULE_LIMITS, type ModuleLimits } from './module/module-limits.js'

/** What the operator's configuration says to the preparer and the factory; crosses threads by structured clone. */
export interface WasmSettings {
  /** Largest upload, in bytes. */
  readonly moduleBytes: number
  /** Largest function body, in bytes. */
  readonly functionBytes: number
  /** Most entries of one table. */
  readonly tableEntries: number
  /** Longest log line of an agent, in bytes; the rest is cut off. */
  readonly logBytes: number
}

export const DEFAULT_SETTINGS: WasmSettings = {
  moduleBytes: DEFAULT_MODULE_LIMITS.moduleBytes,
  functionBytes: DEFAULT_MODULE_LIMITS.bodyBytes,
  tableEntries: DEFAULT_MODULE_LIMITS.tableEntries,
  logBytes: 4_096,
}

/** Settings as they arrive in another thread; what is missing or no number gets its default. */
export function readSettings (settings: unknown): WasmSettings {
  const given: object = typeof settings === 'object' && settings !== null ? settings : {}
  const read = (key: keyof WasmSettings): number => {
    const value: unknown = Object.getOwnPropertyDescriptor(given, key)?.value
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : DEFAULT_SETTINGS[key]
  }
  return {
    moduleBytes: read('moduleBytes'),
    functionBytes: read('functionBytes'),
    tableEntries: read('tableEntries'),
    logBytes: read('logBytes'),
  }
}

/** The bounds on a module under these settings. */
export function moduleLimits (settings: WasmSettings, memoryBytes: number): ModuleLimits {
  return {
    ...DEFAULT_MODULE_LIMITS,
    moduleBytes: settings.moduleBytes,
    bodyBytes: settings.functionBytes,
    tableEntries: settings.tableEntries,
    memoryPages: Math.min(65_536, Math.floor(memoryBytes / 65_536)),
  }
}
