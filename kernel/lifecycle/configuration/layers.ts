import { ConfigSettingMalformed } from './configuration-errors.js'
import { problemOf, type Problem } from './problem.js'
import { isRefusedKey, isTable, Text, type Table } from './table.js'
import type { Environment } from './variables.js'

/** One value that a layer puts over the file. */
interface Setting {
  readonly path: readonly string[]
  readonly value: Text
  /** Names come from an environment variable, where a dash is written as an underscore. */
  readonly folded: boolean
}

const PREFIX = 'CAXTON_'
const SEPARATOR = '__'

/**
 * Puts the layers over the table of the file, which is changed: first the environment, sorted by name so that the
 * result does not depend on its order, then the `--set` options in the order given.
 */
export function applyLayers (
  file: Table, environment: Environment, sets: readonly string[], problems: Problem[],
): void {
  for (const name of Object.keys(environment).sort()) {
    const text = environment[name]
    if (text === undefined || !name.startsWith(PREFIX) || !name.includes(SEPARATOR)) continue
    const path = name.slice(PREFIX.length).toLowerCase().split(SEPARATOR)
    apply(file, { path, value: new Text(text, name), folded: true }, problems)
  }
  for (const option of sets) {
    const equals = option.indexOf('=')
    const path = option.slice(0, Math.max(equals, 0)).trim()
    const origin = `--set ${equals === -1 ? option : path}`
    const setting = { path: path.split('.'), value: new Text(option.slice(equals + 1), origin), folded: false }
    if (equals === -1) refuse(setting, 'a path, "=" and a value are needed', problems)
    else apply(file, setting, problems)
  }
}

function apply (file: Table, setting: Setting, problems: Problem[]): void {
  if (setting.path.length < 2) return refuse(setting, 'it names a section, not a key in one', problems)
  if (setting.path.includes('')) return refuse(setting, 'its path has an empty part', problems)
  if (setting.path.some(isRefusedKey)) return refuse(setting, 'its path has a name that no key may have', problems)
  const keys = setting.folded ? unfolded(file, setting.path) : setting.path
  let table = file
  for (const key of keys.slice(0, -1)) {
    const inner = table.get(key)
    if (inner !== undefined && !isTable(inner)) return refuse(setting, `"${key}" is a value, not a table`, problems)
    const next: Table = inner ?? new Map()
    table.set(key, next)
    table = next
  }
  table.set(keys.at(-1) ?? '', setting.value)
}

function refuse (setting: Setting, complaint: string, problems: Problem[]): void {
  problems.push(problemOf(ConfigSettingMalformed({ setting: setting.value.origin, complaint }), { phase: 'read' }))
}

/**
 * The keys that the parts of a variable's name stand for: those that are in the table already, else a plugin's table is
 * written with dashes, as plugins are named, and everything else with underscores, as keys are.
 */
function unfolded (file: Table, parts: readonly string[]): string[] {
  const keys: string[] = []
  let table: Table | undefined = file
  for (const part of parts) {
    const existing: string | undefined = [...table?.keys() ?? []].find(key => fold(key) === part)
    const isPlugin = keys.length === 1 && keys[0] === 'plugins'
    const key = existing ?? (isPlugin ? part.replaceAll('_', '-') : part)
    const inner = table?.get(key)
    table = isTable(inner) ? inner : undefined
    keys.push(key)
  }
  return keys
}

const fold = (key: string): string => key.toLowerCase().replaceAll('-', '_')
