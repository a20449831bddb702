import type { StateChange } from './state-backend.js'
import { StateBatchInvalid, StateKeyInvalid, StateValueInvalid } from './state-errors.js'

/** Bounds of every backend. The state tool sets narrower ones. */
export const STATE_LIMITS = {
  /** Most bytes of a key, in UTF-8. */
  keyBytes: 1024,
  /** Most bytes of a value, in UTF-8. */
  valueBytes: 16 * 1024 * 1024,
  /** Most changes of a batch, and most keys asked for at once. */
  batch: 1000,
  /** Most bytes of a batch, keys and values together. */
  batchBytes: 32 * 1024 * 1024,
  /** Most bytes of values in one answer, unless the first alone is larger. */
  answerBytes: 16 * 1024 * 1024,
  /** Most keys of a page. */
  page: 1000,
} as const

/** Throws `STATE_KEY_INVALID` for a key that no backend takes: empty, too long, with a NUL or half of a surrogate pair. */
export function checkStateKey (key: string): void {
  if (key === '') throw StateKeyInvalid({ reason: 'is empty' })
  checkStatePrefix(key)
}

/** As {@link checkStateKey}, but a prefix may be empty. */
export function checkStatePrefix (prefix: string): void {
  if (typeof prefix !== 'string') throw StateKeyInvalid({ reason: 'is not text' })
  if (!isPlainText(prefix)) throw StateKeyInvalid({ reason: 'holds a NUL or half of a surrogate pair' })
  const bytes = Buffer.byteLength(prefix)
  if (bytes > STATE_LIMITS.keyBytes) throw StateKeyInvalid({ reason: `has ${bytes} bytes, of at most ${STATE_LIMITS.keyBytes}` })
}

/** Throws for keys that cannot be asked for together. */
export function checkStateKeys (keys: readonly string[]): void {
  if (keys.length > STATE_LIMITS.batch) {
    throw StateBatchInvalid({ reason: `asks for ${keys.length} keys, of at most ${STATE_LIMITS.batch}` })
  }
  keys.forEach(checkStateKey)
}

/** Throws for a page that cannot be asked for. */
export function checkStatePage (prefix: string, after: string | undefined, limit: number): void {
  checkStatePrefix(prefix)
  if (after !== undefined) checkStatePrefix(after)
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > STATE_LIMITS.page) {
    throw StateBatchInvalid({ reason: `asks for a page of ${limit} keys, of 1 to ${STATE_LIMITS.page}` })
  }
}

/** Throws for a batch that cannot be applied, whatever is stored. */
export function checkStateChanges (changes: readonly StateChange[]): void {
  if (changes.length === 0) throw StateBatchInvalid({ reason: 'has no changes' })
  if (changes.length > STATE_LIMITS.batch) {
    throw StateBatchInvalid({ reason: `has ${changes.length} changes, of at most ${STATE_LIMITS.batch}` })
  }
  const seen = new Set<string>()
  for (const change of changes) {
    checkStateKey(change.key)
    if (seen.has(change.key)) throw StateBatchInvalid({ reason: `names the key "${change.key}" twice` })
    seen.add(change.key)
    if ('json' in change) checkStateValue(change.key, change.json)
    checkExpected(change)
  }
  const bytes = stateBatchBytes(changes)
  if (bytes > STATE_LIMITS.batchBytes) throw StateBatchInvalid({ reason: `has ${bytes} bytes, of at most ${STATE_LIMITS.batchBytes}` })
}

/** Bytes of a batch, keys and values together. */
export const stateBatchBytes = (changes: readonly StateChange[]): number => changes.reduce((sum, change) =>
  sum + Buffer.byteLength(change.key) + ('json' in change ? Buffer.byteLength(change.json) : 0), 0)

/**
 * The first text after every text that begins with `prefix`, by UTF-8 bytes; undefined where there is none. So the keys of a prefix are
 * those from `prefix` (inclusive) to this (exclusive).
 */
export function prefixEnd (prefix: string): string | undefined {
  const points = Array.from(prefix, character => character.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
  }
  return undefined
}

function checkStateValue (key: string, json: string): void {
  if (typeof json !== 'string' || !isPlainText(json)) {
    throw StateValueInvalid({ key, reason: 'is no text, or holds a NUL or half of a surrogate pair' })
  }
  const bytes = Buffer.byteLength(json)
  if (bytes > STATE_LIMITS.valueBytes) throw StateValueInvalid({ key, reason: `has ${bytes} bytes, of at most ${STATE_LIMITS.valueBytes}` })
}

function checkExpected ({ key, expected }: StateChange): void {
  if (expected === undefined || (Number.isSafeInteger(expected) && expected >= 0)) return
  throw StateBatchInvalid({ reason: `expects the version ${expected} of "${key}"; versions are whole numbers from 0` })
}

const LONE_SURROGATE = /\p{Surrogate}/u
const isPlainText = (text: string): boolean => !text.includes('\0') && !LONE_SURROGATE.test(text)
