import type { Decision } from '../../kernel/contract/index.js'
import { EVERYBODYS_RIGHT } from './built-in-roles.js'
import type { Pattern } from './pattern.js'
import type { Policy, Role, Rule } from './policy.js'

/** A rule's resources, with the decision that it makes. */
interface Ruling {
  readonly resources: readonly Pattern[]
  readonly decision: Decision
}

/** The rulings on one right. */
interface RulingsOnRight {
  readonly deny: Ruling[]
  /** On everything; asked first, as it mostly stands there. */
  everything: Ruling | undefined
  readonly allow: Ruling[]
  /** By names without `*`. */
  readonly named: Map<string, Ruling>
}

/**
 * What a set of roles together may do, in tables: every right that there is has its rulings, with decisions in words that were made
 * beforehand. Asking makes no garbage unless nothing is allowed.
 */
export class RoleRights {
  readonly #byRight = new Map<string, RulingsOnRight>()
  readonly #roles: string

  constructor (policy: Policy, roles: readonly string[], rights: readonly string[]) {
    const names = roles.map(role => `"${role}"`).join(', ')
    this.#roles = roles.length === 0 ? 'the caller has no role, so nothing allows it' : `no rule of ${names} allows it`
    for (const right of rights) this.#byRight.set(right, { deny: [], everything: undefined, allow: [], named: new Map() })
    for (const role of withIncluded(policy, roles)) {
      for (const rule of role.deny) this.#add(rule, role, false)
      for (const rule of role.allow) this.#add(rule, role, true)
    }
    const everybodys = this.#byRight.get(EVERYBODYS_RIGHT)
    if (everybodys) everybodys.everything ??= { resources: [], decision: { allowed: true, because: 'everybody may ask who they are' } }
  }

  /** Deny rules win; what nothing allows is denied. */
  decide (right: string, resource: string): Decision {
    const rulings = this.#byRight.get(right)
    if (rulings === undefined) return this.#nothing(resource)
    for (const ruling of rulings.deny) if (denies(ruling.resources, resource)) return ruling.decision
    if (rulings.everything !== undefined) return rulings.everything.decision
    const named = rulings.named.get(resource)
    if (named !== undefined) return named.decision
    for (const ruling of rulings.allow) if (allows(ruling.resources, resource)) return ruling.decision
    return this.#nothing(resource)
  }

  #nothing (resource: string): Decision {
    return { allowed: false, because: `${this.#roles} ${resource === '' ? 'on everything' : `on "${resource}"`}` }
  }

  #add (rule: Rule, role: Role, allowed: boolean): void {
    const decision = { allowed, because: `the role "${role.name}" ${allowed ? 'allows' : 'denies'} "${rule.text}"` }
    const ruling = { resources: rule.resources, decision }
    for (const [right, rulings] of this.#byRight) {
      if (!rule.rights.matches(right)) continue
      if (!allowed) rulings.deny.push(ruling)
      else if (rule.resources.length === 0) rulings.everything ??= ruling
      else keep(rulings, ruling)
    }
  }
}

function keep (rulings: RulingsOnRight, ruling: Ruling): void {
  const patterns = ruling.resources.filter(({ isLiteral }) => !isLiteral)
  for (const { text, isLiteral } of ruling.resources) if (isLiteral && !rulings.named.has(text)) rulings.named.set(text, ruling)
  if (patterns.length > 0) rulings.allow.push({ ...ruling, resources: patterns })
}

/** The roles and all that they include, each once. */
function withIncluded (policy: Policy, names: readonly string[]): Set<Role> {
  const found = new Set<Role>()
  const waiting = [...names].reverse()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const role = policy.roles.get(name)
    if (role === undefined || found.has(role)) continue
    found.add(role)
    waiting.push(...[...role.includes].reverse())
  }
  return found
}

/** Of a resource that stands for many things, all have to be allowed. */
function allows (patterns: readonly Pattern[], resource: string): boolean {
  const open = openLength(resource)
  for (const pattern of patterns) if (open < 0 ? pattern.matches(resource) : pattern.covers(resource, open)) return true
  return false
}

/**
 * Of a resource that stands for many things, one that is denied is enough. What is behind a topic, a capability, a conversation or a
 * letter can't be told beforehand: it may be what a rule on plain names denies.
 */
function denies (patterns: readonly Pattern[], resource: string): boolean {
  if (patterns.length === 0) return true
  const open = openLength(resource)
  const isHidden = resource.includes(':')
  for (const pattern of patterns) {
    if (open < 0 ? pattern.matches(resource) : pattern.touches(resource, open)) return true
    if (isHidden && !pattern.text.includes(':')) return true
  }
  return false
}

/** How much of a resource is given where it stands for all that begin so; -1 where it stands for itself. */
function openLength (resource: string): number {
  if (resource === '') return 0
  return resource.endsWith('*') ? resource.length - 1 : -1
}
