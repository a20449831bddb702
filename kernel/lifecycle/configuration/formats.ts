import { isIP } from 'node:net'
import path from 'node:path'
import {
  isLoopback, Secret, type ConfigSchema, type Format, type FormatName, type ListOf, type MapOf, type OneOf,
} from '../../contract/index.js'

/** How the values of one format are read. */
export interface FormatRule {
  /** For messages and editors: `a duration such as "250ms", "5s" or "7d"`. */
  readonly expected: string
  /** The value in the program of a value in the file; undefined when it is not of this format. Never throws. */
  parse (value: unknown, folder: string): unknown
  /** What a text from the environment, an option or a variable would be in the file. */
  fromText (text: string): unknown
  /** Whether `min` and `max` bound it. */
  readonly measured: boolean
  /** Its part of the JSON Schema for editors. */
  readonly json: Readonly<Record<string, unknown>>
}

const DURATIONS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZES: Readonly<Record<string, number>> = {
  B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40,
}
const HOST_LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/
const same = (text: string): unknown => text
const numeric = (text: string): unknown => /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text

const RULES: Readonly<Record<FormatName, FormatRule>> = {
  string: { expected: 'text', parse: textIn, fromText: same, measured: false, json: { type: 'string' } },
  boolean: {
    expected: 'true or false', measured: false, json: { type: 'boolean' },
    parse: value => typeof value === 'boolean' ? value : undefined,
    fromText: text => text === 'true' ? true : text === 'false' ? false : text,
  },
  integer: {
    expected: 'a whole number', measured: true, json: { type: 'integer' }, fromText: numeric,
    parse: value => Number.isSafeInteger(value) ? value : undefined,
  },
  number: {
    expected: 'a number', measured: true, json: { type: 'number' }, fromText: numeric,
    parse: value => Number.isFinite(value) ? value : undefined,
  },
  duration: {
    expected: 'a duration such as "250ms", "5s", "2m", "1h" or "7d"', measured: true, fromText: numeric,
    parse: value => quantity(value, DURATIONS),
    json: {
      anyOf: [{ type: 'string', pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$` }, { type: 'number', minimum: 0 }],
    },
  },
  bytes: {
    expected: 'a size such as "64KiB", "16MiB" or "1GB"', measured: true, fromText: numeric,
    parse: value => quantity(value, SIZES),
    json: {
      anyOf: [{ type: 'string', pattern: String.raw`^\d+(\.\d+)?([KMGT]i?)?B$` }, { type: 'integer', minimum: 0 }],
    },
  },
  port: {
    expected: 'a port from 0 to 65535', measured: true, fromText: numeric, parse: portIn,
    json: { type: 'integer', minimum: 0, maximum: 65535 },
  },
  host: {
    expected: 'a host name or an IP address', parse: hostIn, fromText: same, measured: false, json: { type: 'string' },
  },
  address: {
    expected: 'an address such as "db.example.test:5432" or "[::1]:5432"', parse: addressIn, fromText: same,
    measured: false, json: { type: 'string', pattern: String.raw`:\d+$` },
  },
  path: {
    expected: 'a path', fromText: same, measured: false, json: { type: 'string', minLength: 1 },
    parse: (value, folder) => typeof value === 'string' && value !== '' && !value.includes('\0')
      ? path.resolve(folder, value)
      : undefined,
  },
  secret: {
    expected: 'a secret text, not empty', fromText: same, measured: false, json: { type: 'string', minLength: 1 },
    parse: value => typeof value === 'string' && value !== '' ? new Secret(value) : undefined,
  },
  url: {
    expected: 'a URL such as "https://id.example.test/keys" (plain http on this machine only)', parse: urlIn, fromText: same,
    measured: false, json: { type: 'string', pattern: '^https?://' },
  },
}

export const isListOf = (format: Format): format is ListOf<FormatName | OneOf<string>> =>
  typeof format === 'object' && 'listOf' in format
export const isMapOf = (format: Format): format is MapOf<ConfigSchema> =>
  typeof format === 'object' && 'mapOf' in format

export const isFormatName = (name: unknown): name is FormatName =>
  typeof name === 'string' && Object.hasOwn(RULES, name)
export const formatNames = (): string[] => Object.keys(RULES)

/** The rule for a single value: a named format, or one of a few words. */
export function ruleOf (format: FormatName | OneOf<string>): FormatRule {
  if (typeof format === 'string') return RULES[format]
  const words = format.oneOf
  return {
    expected: `one of ${words.map(word => `"${word}"`).join(', ')}`,
    parse: value => typeof value === 'string' && words.includes(value) ? value : undefined,
    fromText: same,
    measured: false,
    json: { enum: words },
  }
}

/** An amount as somebody would write it in the file: `5s` for 5000 milliseconds. */
export function inWords (format: Format, amount: number): string {
  const units = format === 'duration' ? DURATIONS : format === 'bytes' ? SIZES : {}
  const fitting = Object.entries(units).filter(([, factor]) => amount !== 0 && amount % factor === 0)
  const largest = fitting.sort(([, a], [, b]) => b - a)[0]
  return largest === undefined ? String(amount) : `${amount / largest[1]}${largest[0]}`
}

function textIn (value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function portIn (value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65535 ? value : undefined
}

/** A number with a unit, or a bare number in the smallest unit, as a whole number of that. */
function quantity (value: unknown, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit] = typeof value === 'string' ? /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(value) ?? [] : []
  const factor = unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : undefined
  const amount = factor === undefined ? value : Math.round(Number(digits) * factor)
  if (typeof amount !== 'number' || !(amount >= 0)) return undefined
  const whole = Math.round(amount)
  return Number.isSafeInteger(whole) ? whole : undefined
}

function hostIn (value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 253) return undefined
  if (isIP(value) !== 0) return value
  const labels = value.replace(/\.$/, '').split('.')
  const looksLikeAddress = labels.every(label => /^\d+$/.test(label))
  return !looksLikeAddress && labels.every(label => HOST_LABEL.test(label)) ? value : undefined
}

function addressIn (value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, v6, name, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(value) ?? []
  const host = v6 === undefined ? hostIn(name) : isIP(v6) === 6 ? v6 : undefined
  return host !== undefined && portIn(Number(port)) !== undefined ? value : undefined
}

/** What goes to another machine without encryption could be read and changed by whoever is on the way. */
function urlIn (value: unknown): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const url = new URL(value)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isProtected = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(host))
  return isProtected && url.username === '' && url.password === '' && url.hash === '' ? url : undefined
}
