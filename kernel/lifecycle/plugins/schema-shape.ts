import { type ConfigSchema } from '../../contract/index.js'
import { formatNames, isFormatName, isMapOf } from '../configuration/formats.js'
import { didYouMean } from '../../contract/nearest.js'
import { RESERVED_KEYS } from '../configuration/plugin-tables.js'
import type { Problem } from '../configuration/problem.js'
import { readTable } from '../configuration/read-table.js'
import { isRefusedKey } from '../configuration/table.js'

/** Lower case with underscores, so that environment variables can name every key. */
const KEY = /^[a-z][a-z0-9_]{0,62}$/
const KEY_FIELDS = ['doc', 'format', 'default', 'min', 'max']

/** Everything that is wrong with a plugin's configuration schema, in words. */
export function schemaComplaints (schema: unknown): string[] {
  const complaints = shapeComplaints(schema, 'config', RESERVED_KEYS)
  return complaints.length > 0 ? complaints : defaultComplaints(schema as ConfigSchema, 'config')
}

export function isRecord (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shapeComplaints (schema: unknown, where: string, reserved: readonly string[]): string[] {
  if (!isRecord(schema)) return [`${where} must be an object with a key for each setting`]
  return Object.entries(schema).flatMap(([name, key]) => {
    const at = `${where}.${name}`
    if (reserved.includes(name)) return [`${at} uses a name that is the kernel's: ${reserved.join(', ')}`]
    if (!KEY.test(name) || isRefusedKey(name)) return [`${at}: a key has lower-case letters, digits and underscores`]
    return isRecord(key) ? keyComplaints(key, at) : [`${at} must be an object with doc, format and default`]
  })
}

function keyComplaints (key: Readonly<Record<string, unknown>>, at: string): string[] {
  const complaints = Object.keys(key).filter(field => !KEY_FIELDS.includes(field))
    .map(field => `${at}.${field} is not a field of a key${didYouMean(field, KEY_FIELDS)}`)
  if (typeof key.doc !== 'string' || key.doc.trim() === '') complaints.push(`${at}.doc must be a sentence`)
  for (const bound of ['min', 'max']) {
    if (key[bound] !== undefined && typeof key[bound] !== 'number') complaints.push(`${at}.${bound} must be a number`)
  }
  return [...complaints, ...formatComplaints(key.format, `${at}.format`)]
}

function formatComplaints (format: unknown, at: string): string[] {
  if (isRecord(format) && 'mapOf' in format) return shapeComplaints(format.mapOf, `${at}.mapOf`, [])
  if (isRecord(format) && 'listOf' in format) return singleComplaints(format.listOf, `${at}.listOf`)
  return singleComplaints(format, at)
}

function singleComplaints (format: unknown, at: string): string[] {
  if (isFormatName(format)) return []
  const words = isRecord(format) ? format.oneOf : undefined
  if (Array.isArray(words) && words.length > 0 && words.every(word => typeof word === 'string')) return []
  if (typeof format === 'string') return [`${at} "${format}" is unknown${didYouMean(format, formatNames())}`]
  return [`${at} must be one of ${formatNames().join(', ')}, or made by oneOf, listOf or mapOf`]
}

/** Reads every default as if it stood in a file. */
function defaultComplaints (schema: ConfigSchema, where: string): string[] {
  const inner = Object.entries(schema).flatMap(([name, { format }]) =>
    isMapOf(format) ? defaultComplaints(format.mapOf, `${where}.${name}.format.mapOf`) : [])
  const defaulted = Object.fromEntries(Object.entries(schema).filter(([, key]) => 'default' in key))
  const problems: Problem[] = []
  readTable(defaulted, new Map(), { path: where, folder: '/', phase: 'load', problems })
  return [...inner, ...problems.map(problem => `the default of ${problem.message}`)]
}
