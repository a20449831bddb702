import { ConfigKeyRefused } from './configuration-errors.js'
import { problemOf, type Problem } from './problem.js'

/**
 * Text that came from outside the file, or through a `${VARIABLE}`: it has no type of its own and is read as the key's
 * format wants it.
 */
export class Text {
  constructor (
    readonly text: string,
    /** For messages: the variable or the option that it came from. */
    readonly origin: string,
    /** A problem was reported for it already: it says nothing more. */
    readonly broken = false,
    /** It came from a file of its own, as secrets do: no message shows it. */
    readonly hidden = false,
  ) {}
}

/** A table of the configuration. A map, so that no key whatever can reach an object's prototype. */
export type Table = Map<string, Value>

/** A value as the file or a layer over it gives it. Dates stay what the parser made of them; no format accepts one. */
export type Value = string | number | boolean | Text | Date | readonly Value[] | Table

/** Names by which JavaScript reaches an object's prototype. */
const REFUSED = new Set(['__proto__', 'constructor', 'prototype'])

export const isRefusedKey = (key: string): boolean => REFUSED.has(key)

export const isTable = (value: Value | undefined): value is Table => value instanceof Map

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

/** `plugins.api-grpc.port`; a key that is no bare TOML key is quoted. */
export function pathTo (parent: string, key: string): string {
  const name = /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
  return parent === '' ? name : `${parent}.${name}`
}

/** Takes over what a TOML parser made; keys that could reach a prototype are reported and left out. */
export function tableOf (parsed: object, path: string, problems: Problem[]): Table {
  const table: Table = new Map()
  for (const [key, child] of Object.entries(parsed)) {
    const at = pathTo(path, key)
    if (isRefusedKey(key)) problems.push(problemOf(ConfigKeyRefused({ path: at, key }), { phase: 'read', path: at }))
    else table.set(key, valueOf(child, at, problems))
  }
  return table
}

function valueOf (parsed: unknown, path: string, problems: Problem[]): Value {
  if (typeof parsed === 'string' || typeof parsed === 'number' || typeof parsed === 'boolean') return parsed
  if (Array.isArray(parsed)) return parsed.map((item, index) => valueOf(item, `${path}[${index}]`, problems))
  if (parsed instanceof Date) return parsed
  if (typeof parsed === 'object' && parsed !== null) return tableOf(parsed, path, problems)
  return String(parsed)
}

/** What a value is, in words for a message. Never shows text, which may be a secret. */
export function kindOf (value: Value): string {
  if (value instanceof Text || typeof value === 'string') return 'text'
  if (isTable(value)) return 'a table'
  if (isList(value)) return 'a list'
  if (value instanceof Date) return 'a date'
  return typeof value === 'boolean' ? 'a boolean' : 'a number'
}

/** A value as it is shown in a message, shortened. */
export function shown (value: Value): string {
  if (value instanceof Text) return shown(value.text)
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value)
}
