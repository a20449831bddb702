import { configSchema, listOf, oneOf, type Privilege } from '../../contract/index.js'
import { at, readTable, reportInvalid, reportUnknownKeys, type ReadContext } from './read-table.js'
import { isTable, kindOf, type Table } from './table.js'

/** The keys of a plugin's table that are the kernel's, frozen for ever. */
export const pluginKeys = configSchema({
  use: {
    doc: 'The plugin: a built-in name, an npm package, or a file beside this one. Left out: the table\'s own name.',
    format: 'string', default: null,
  },
  enabled: { doc: 'Whether the plugin is loaded.', format: 'boolean', default: true },
  optional: { doc: 'Whether the server starts without the plugin when it fails.', format: 'boolean', default: false },
  allow: {
    doc: 'Privileges that the plugin is granted. Built-in plugins are granted what they ask for.',
    format: listOf(oneOf('net.listen', 'net.dial', 'fs.read', 'fs.write', 'process.spawn')), default: [],
  },
})

/** Later keys of the kernel go into a table of this name inside a plugin's table. */
export const KERNEL_TABLE = 'kernel'

/** Names that no plugin's schema may use for a key. */
export const RESERVED_KEYS: readonly string[] = [...Object.keys(pluginKeys), KERNEL_TABLE]

/** Instances of the kernel's own parts have names that begin so; no table may. */
export const KERNEL_PREFIX = 'kernel-'

/** One plugin as the file wants it. */
export interface PluginTable {
  /** The name of its table. */
  readonly instance: string
  /** Name of a built-in plugin, npm package, or file. */
  readonly use: string
  readonly enabled: boolean
  readonly optional: boolean
  readonly allow: readonly Privilege[]
  /** The plugin's own keys, unchecked: its schema is not known yet. */
  readonly values: Table
}

const INSTANCE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Reads every `[plugins.NAME]`, in the order of the file. `context` is that of `[plugins]`. */
export function readPluginTables (plugins: Table, context: ReadContext): PluginTable[] {
  return [...plugins].flatMap(([instance, table]) => {
    const own: ReadContext = { ...at(context, instance), instance }
    if (!isTable(table)) {
      reportInvalid(own, `expected a table, found ${kindOf(table)}`, table)
      return []
    }
    return isInstanceName(instance, own) ? [readPluginTable(instance, table, own)] : []
  })
}

function isInstanceName (instance: string, context: ReadContext): boolean {
  if (!INSTANCE.test(instance)) {
    reportInvalid(context, 'the name of a plugin\'s table has 1 to 63 lower-case letters, digits and dashes; ' +
      'name a package or a file with use = "..." inside the table')
    return false
  }
  if (!instance.startsWith(KERNEL_PREFIX)) return true
  reportInvalid(context, `names that begin with "${KERNEL_PREFIX}" belong to the kernel's own parts`)
  return false
}

function readPluginTable (instance: string, table: Table, context: ReadContext): PluginTable {
  const ours: Table = new Map([...table].filter(([key]) => Object.hasOwn(pluginKeys, key)))
  const values: Table = new Map([...table].filter(([key]) => !RESERVED_KEYS.includes(key)))
  const kernel = table.get(KERNEL_TABLE)
  const inKernel = at(context, KERNEL_TABLE)
  if (isTable(kernel)) reportUnknownKeys(kernel, [], inKernel)
  else if (kernel !== undefined) reportInvalid(inKernel, `expected a table, found ${kindOf(kernel)}`, kernel)
  const { use, enabled, optional, allow } = readTable(pluginKeys, ours, context)
  return { instance, use: use ?? instance, enabled, optional, allow, values }
}
