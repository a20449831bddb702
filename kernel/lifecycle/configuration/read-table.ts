import type { ConfigKey, ConfigOf, ConfigSchema, FormatName, MapOf, OneOf } from '../../contract/index.js'
import { ConfigInvalid, ConfigUnknownKey } from './configuration-errors.js'
import { isListOf, isMapOf, ruleOf } from './formats.js'
import { readLeaf } from './leaf-check.js'
import { nearest } from '../../contract/nearest.js'
import { problemOf, type Phase, type Problem } from './problem.js'
import { isList, isTable, kindOf, pathTo, tableOf, Text, type Table, type Value } from './table.js'

/** Where the keys that are read stand, and where their problems go. */
export interface ReadContext {
  /** `plugins.api-grpc`; empty for the whole file. */
  readonly path: string
  /** Relative paths are taken from here. */
  readonly folder: string
  readonly phase: Phase
  readonly instance?: string | undefined
  readonly problems: Problem[]
  /** What the key that is being read is for; shown below its problems. */
  readonly remedy?: string | undefined
}

/**
 * Reads a table by its schema: unknown keys, missing keys and wrong values become problems, every one of them, and each
 * stands with its path. A key with a problem has its default in the result, so the result is of use only when there was
 * none.
 */
export function readTable<S extends ConfigSchema> (schema: S, table: Table, context: ReadContext): ConfigOf<S> {
  reportUnknownKeys(table, Object.keys(schema), context)
  return readValues(schema, table, context)
}

/** As {@link readTable}, for a table that also has keys of others. */
export function readValues<S extends ConfigSchema> (schema: S, table: Table, context: ReadContext): ConfigOf<S> {
  const values = Object.entries(schema).map(([name, key]) =>
    [name, readKey(key, table.get(name), { ...at(context, name), remedy: purposeOf(key) })] as const)
  return Object.freeze(Object.fromEntries(values)) as ConfigOf<S>
}

/** Reports every key of a table that is none of the known ones, with the nearest of them. */
export function reportUnknownKeys (table: Table, known: readonly string[], context: ReadContext): void {
  for (const [name, value] of table) {
    if (known.includes(name)) continue
    const path = pathTo(context.path, name)
    const meant = nearest(name, known)
    const origin = value instanceof Text ? value.origin : undefined
    const remedy = known.length === 0 ? 'Remove it: there are no keys here.' : `Keys here are: ${known.join(', ')}.`
    report(context, ConfigUnknownKey({ path, known, origin, meant }), path, remedy)
  }
}

/** Reports a wrong value, in words. */
export function reportInvalid (context: ReadContext, complaint: string, value?: Value): void {
  const origin = value instanceof Text ? ` (set by ${value.origin})` : ''
  const { path, remedy } = context
  report(context, ConfigInvalid({ path, complaint: `${complaint}${origin}` }), path, remedy)
}

/** The context of a key of the table that `context` is about. */
export function at (context: ReadContext, name: string): ReadContext {
  return { ...context, path: pathTo(context.path, name), remedy: undefined }
}

function report (context: ReadContext, error: Parameters<typeof problemOf>[0], path: string, remedy?: string): void {
  const { phase, instance } = context
  context.problems.push(problemOf(error, { phase, instance, path, remedy }))
}

function readKey (key: ConfigKey, given: Value | undefined, context: ReadContext): unknown {
  if (given === undefined) return readMissing(key, context)
  const before = context.problems.length
  const isBroken = given instanceof Text && given.broken
  const value = isBroken ? undefined : readValue(key, given, context)
  return 'default' in key && (isBroken || context.problems.length > before) ? readMissing(key, context) : value
}

function purposeOf (key: ConfigKey): string {
  if (key.default === null) return `${key.doc} It may be left out.`
  return 'default' in key ? `${key.doc} Default: ${JSON.stringify(key.default)}.` : key.doc
}

function readMissing (key: ConfigKey, context: ReadContext): unknown {
  if (key.default === null) return undefined
  if ('default' in key) {
    const written = tableOf({ value: key.default }, context.path, context.problems).get('value')
    return written === undefined ? undefined : readValue(key, written, context)
  }
  reportInvalid(context, `must be given: ${expected(key)}`)
  return undefined
}

function expected (key: ConfigKey): string {
  const { format } = key
  if (isMapOf(format)) return 'a table of tables'
  return isListOf(format) ? `a list, each ${ruleOf(format.listOf).expected}` : ruleOf(format).expected
}

function readValue (key: ConfigKey, given: Value, context: ReadContext): unknown {
  const { format } = key
  if (isMapOf(format)) return readMap(format, given, context)
  if (isListOf(format)) return readList(key, format.listOf, given, context)
  return readSingle(key, format, given, context)
}

function readMap (format: MapOf<ConfigSchema>, given: Value, context: ReadContext): unknown {
  const map: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  if (!isTable(given)) {
    reportInvalid(context, `expected a table of tables, found ${kindOf(given)}`, given)
    return map
  }
  for (const [name, entry] of given) {
    const inner = at(context, name)
    if (isTable(entry)) map[name] = readTable(format.mapOf, entry, inner)
    else reportInvalid(inner, `expected a table, found ${kindOf(entry)}`, entry)
  }
  return Object.freeze(map)
}

function readList (key: ConfigKey, format: FormatName | OneOf<string>, given: Value, context: ReadContext): unknown {
  const items = given instanceof Text ? itemsOf(given) : given
  if (!isList(items)) {
    reportInvalid(context, `expected ${expected(key)}; found ${kindOf(items)}`, given)
    return []
  }
  return Object.freeze(items.map((item, index) =>
    readSingle(key, format, item, { ...context, path: `${context.path}[${index}]` })))
}

/** A list in the environment or after `--set` is written with commas. */
function itemsOf (list: Text): Value[] {
  const items = list.text.split(',').map(item => item.trim())
  return list.text.trim() === '' ? [] : items.map(item => new Text(item, list.origin, false, list.hidden))
}

function readSingle (key: ConfigKey, format: FormatName | OneOf<string>, given: Value, context: ReadContext): unknown {
  const rule = ruleOf(format)
  if (isTable(given) || isList(given) || given instanceof Date) {
    reportInvalid(context, `expected ${rule.expected}, found ${kindOf(given)}`)
    return undefined
  }
  const result = readLeaf(key, format, given instanceof Text ? rule.fromText(given.text) : given, context.folder)
  if ('value' in result) return result.value
  const isHidden = given instanceof Text && given.hidden
  reportInvalid(context, isHidden ? `expected ${rule.expected}, and the file holds something else` : result.complaint, given)
  return undefined
}
