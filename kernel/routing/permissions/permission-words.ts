import { isTopicPattern, topicCovers } from '../topics/topic-pattern.js'
import { isNamePattern, matchesName } from '../../contract/in-shard.js'

/** What an agent can be permitted, as the operator writes it. All but `publish` are called as the host calls that they stand for. */
export const PERMISSION_KINDS = [
  'send', 'publish', 'self', 'lookup', 'register', 'subscribe', 'now', 'random', 'timer', 'log', 'call',
] as const
export type PermissionKind = typeof PERMISSION_KINDS[number]

/** What an agent may do when nobody says anything: everything inside the server, and nothing beyond. */
export const USUAL_PERMISSIONS: readonly PermissionKind[] = PERMISSION_KINDS.filter(kind => kind !== 'call')

/** What the pattern of a kind stands for, and how it is written. */
interface PatternRule {
  readonly of: string
  isPattern (text: string): boolean
  covers (pattern: string, other: string): boolean
}

const NAMES: PatternRule = { of: 'a name, in which * means any characters', isPattern: isNamePattern, covers: matchesName }
const TOPICS: PatternRule = {
  of: 'a topic, in which * means any one word and # at the end the rest', isPattern: isTopicPattern, covers: topicCovers,
}
const PATTERNS: Partial<Record<PermissionKind, PatternRule>> = { send: NAMES, publish: TOPICS, subscribe: TOPICS, call: NAMES }

/** One permission: a kind, all of it or what the pattern stands for. */
export interface Permission {
  readonly kind: PermissionKind
  readonly pattern: string | undefined
}

/** Reads `send` or `send:shop-*`, or says what is wrong with it, as the end of a sentence that names the word. */
export function readPermission (word: string): Permission | string {
  const colon = word.indexOf(':')
  const named = colon < 0 ? word : word.slice(0, colon)
  const kind = PERMISSION_KINDS.find(each => each === named)
  if (kind === undefined) return `is none of ${PERMISSION_KINDS.join(', ')}`
  if (colon < 0) return { kind, pattern: undefined }
  const rule = PATTERNS[kind]
  if (rule === undefined) return `has a pattern, which "${kind}" can't have`
  const pattern = word.slice(colon + 1)
  return rule.isPattern(pattern) ? { kind, pattern } : `does not have, after the colon, ${rule.of}`
}

/** The word of a permission. */
export const permissionWord = ({ kind, pattern }: Permission): string => pattern === undefined ? kind : `${kind}:${pattern}`

/** Whether one permission contains the other. */
export function contains (outer: Permission, inner: Permission): boolean {
  if (outer.kind !== inner.kind) return false
  if (outer.pattern === undefined) return true
  return inner.pattern !== undefined && PATTERNS[outer.kind]?.covers(outer.pattern, inner.pattern) === true
}
