import { isCaxtonError, type LogFields } from '../contract/index.js'

/** What stands in the log for anything that may be a secret. */
export const REDACTED = '[secret]'

const DEEPEST = 6
const MOST_ENTRIES = 100
const LONGEST_TEXT = 8_192

const SECRET_NAME = /pass(word|wd|phrase)|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key|bearer|signature/i
const SECRET_TEXT: ReadonlyArray<readonly [pattern: RegExp, replacement: string]> = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [/(:\/\/[^\s/:@]*):[^\s/@]+@/g, `$1:${REDACTED}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
]

/** Cuts a text and takes out what looks like a credential: bearer tokens, passwords in URLs, private keys. */
export function redactText (text: string): string {
  let clean = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)` : text
  for (const [pattern, replacement] of SECRET_TEXT) clean = clean.replace(pattern, replacement)
  return clean
}

/**
 * Makes plain data for a log line out of anything: values under a name that means a secret become {@link REDACTED}
 * (numbers and booleans can't be secrets and stay), errors become their code, message, remedy and stack, bytes become
 * their count. Deep, wide, long and circular values are cut; a value that can't be read says so. Never throws.
 */
export function redactFields (fields: LogFields): Record<string, unknown> {
  return entriesOf(fields, DEEPEST, [])
}

function entriesOf (value: object, depth: number, above: readonly object[]): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  const names = Object.keys(value)
  for (const name of names.slice(0, MOST_ENTRIES)) {
    clean[name] = guarded(() => {
      const entry: unknown = Reflect.get(value, name)
      const mayShow = entry === undefined || entry === null || typeof entry === 'number' || typeof entry === 'boolean'
      return SECRET_NAME.test(name) && !mayShow ? REDACTED : plain(entry, depth, [...above, value])
    })
  }
  if (names.length > MOST_ENTRIES) clean['…'] = `${names.length - MOST_ENTRIES} more`
  return clean
}

function plain (value: unknown, depth: number, above: readonly object[]): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (typeof value === 'function') return '[function]'
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '[circular]'
  if (depth === 0) return '[deep]'
  if (value instanceof Error) return errorOf(value, depth - 1, [...above, value])
  return structure(value, depth - 1, above)
}

function structure (value: object, depth: number, above: readonly object[]): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof Map) return entriesOf(recordOf(value), depth, above)
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value].slice(0, MOST_ENTRIES)
    return items.map(item => guarded(() => plain(item, depth, [...above, value])))
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const text: unknown = Reflect.apply(value.toJSON, value, [])
    return plain(text, depth, [...above, value])
  }
  return entriesOf(value, depth, above)
}

function recordOf (map: ReadonlyMap<unknown, unknown>): object {
  return Object.fromEntries(Array.from(map, ([name, value]) => [String(name), value]))
}

function errorOf (error: Error, depth: number, above: readonly object[]): Record<string, unknown> {
  const declared = isCaxtonError(error) ? { code: error.code, remedy: error.remedy, details: plain(error.details, depth, above) } : {}
  const code = 'code' in error ? { code: plain(error.code, depth, above) } : {}
  const cause = error.cause === undefined ? {} : { cause: guarded(() => plain(error.cause, depth, above)) }
  return { type: error.name, ...code, ...declared, message: redactText(error.message), stack: redactText(error.stack ?? ''), ...cause }
}

function guarded (read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return '[unreadable]'
  }
}
