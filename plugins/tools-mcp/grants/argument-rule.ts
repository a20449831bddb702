import { isNamePattern, matchesName } from '../../../kernel/contract/index.js'

/** What one argument must be like. */
export interface ArgumentRule {
  /** Names of members, the outermost first. */
  readonly path: readonly string[]
  /** In which `*` stands for any characters. */
  readonly pattern: string
}

const DEEPEST = 8
/** Longest value that is held against a pattern. */
const LONGEST = 4_096
const PARENT = /(^|[/\\])\.\.([/\\]|$)/

/** Reads `path=/srv/*` or `user.id=7`; undefined when it is none. */
export function readRule (text: string): ArgumentRule | undefined {
  const equals = text.indexOf('=')
  const path = text.slice(0, Math.max(0, equals)).split('.')
  const pattern = text.slice(equals + 1)
  const isPath = path.length <= DEEPEST && path.every(name => name !== '')
  return isPath && isNamePattern(pattern) ? { path, pattern } : undefined
}

export const ruleText = ({ path, pattern }: ArgumentRule): string => `${path.join('.')}=${pattern}`

/**
 * Whether arguments are like that. The argument must be there, as a text, a number, a boolean, or a list of these, each of which fits. What
 * climbs out of a folder by `..` fits no pattern with a star, whatever stands around it.
 */
export function fits ({ path, pattern }: ArgumentRule, given: Readonly<Record<string, unknown>>): boolean {
  let value: unknown = given
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return false
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.length > 0 && values.every(each => fitsOne(pattern, each))
}

function fitsOne (pattern: string, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false
  const text = String(value)
  if (text.length > LONGEST || (pattern.includes('*') && PARENT.test(text))) return false
  return matchesName(pattern, text)
}
