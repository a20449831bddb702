import convict from 'convict'
import type { ConfigKey, FormatName, OneOf } from '../../contract/index.js'
import { nearest } from '../../contract/nearest.js'
import { inWords, ruleOf } from './formats.js'

/** A single value that was read, or what is wrong with it in words. */
export type LeafResult = { readonly value: unknown } | { readonly complaint: string }

/**
 * Checks one value with a convict of its own: convict stops at the first problem of a file, so every key gets its own
 * file. Neither its environment and arguments nor its conversions are used, because those guess (`"abc"` becomes
 * `true`).
 */
export function readLeaf (
  key: Pick<ConfigKey, 'doc' | 'min' | 'max'>, format: FormatName | OneOf<string>, given: unknown, folder: string,
): LeafResult {
  let complaint: string | undefined
  const check = (candidate: unknown): void => {
    complaint = complaintOf(key, format, candidate, folder)
    if (complaint !== undefined) throw new Error(complaint)
  }
  const leaf = convict<{ value: unknown }>(
    { value: { doc: key.doc, default: null, format: check } }, { env: {}, args: [] }).load({ value: given })
  try {
    leaf.validate({ allowed: 'strict' })
  } catch (error) {
    return { complaint: complaint ?? (error instanceof Error ? error.message : String(error)) }
  }
  return { value: ruleOf(format).parse(leaf.get('value'), folder) }
}

function complaintOf (
  key: Pick<ConfigKey, 'min' | 'max'>, format: FormatName | OneOf<string>, candidate: unknown, folder: string,
): string | undefined {
  const rule = ruleOf(format)
  const value = rule.parse(candidate, folder)
  if (value === undefined) return `expected ${rule.expected}, found ${found(format, candidate)}`
  if (!rule.measured || typeof value !== 'number') return undefined
  const is = inWords(format, value)
  if (key.min !== undefined && value < key.min) return `must be at least ${inWords(format, key.min)}, is ${is}`
  if (key.max !== undefined && value > key.max) return `must be at most ${inWords(format, key.max)}, is ${is}`
  return undefined
}

function found (format: FormatName | OneOf<string>, candidate: unknown): string {
  if (format === 'secret') return candidate === '' ? 'an empty text' : 'something else'
  if (typeof candidate !== 'string') return String(candidate)
  const meant = typeof format === 'object' ? nearest(candidate, format.oneOf) : undefined
  const text = JSON.stringify(candidate.length > 60 ? `${candidate.slice(0, 57)}...` : candidate)
  return meant === undefined ? text : `${text} (did you mean "${meant}"?)`
}
