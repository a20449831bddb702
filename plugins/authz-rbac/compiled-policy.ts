import type { Decision, Principal } from '../../kernel/contract/index.js'
import type { Binding, Policy } from './policy.js'
import { RoleRights } from './role-rights.js'

/** Callers that are remembered, and at most a tenth as many sets of roles. */
const CALLERS = 10_000

/** A role that somebody has, and what gave it. */
export interface Given {
  readonly role: string
  readonly binding: string
}

interface Known {
  readonly method: string
  readonly carried: readonly string[]
  readonly rights: RoleRights
}

/**
 * A policy in force. Remembers what callers may do: a caller that comes again costs two look-ups and no memory.
 */
export class CompiledPolicy {
  readonly #callers = new Map<string, Known>()
  readonly #sets = new Map<string, RoleRights>()

  /** `rights`: every right that there is. */
  constructor (readonly policy: Policy, private readonly rights: readonly string[], private readonly callers = CALLERS) {}

  decide (principal: Principal, right: string, resource: string): Decision {
    const known = this.#callers.get(principal.name)
    const isSame = known !== undefined && known.method === principal.method && sameRoles(known.carried, principal.roles)
    return (isSame ? known.rights : this.#meet(principal)).decide(right, resource)
  }

  /** Which roles somebody has, and from what. An empty method stands for any. */
  given (principal: Principal): Given[] {
    return this.policy.bindings.flatMap(binding =>
      rolesBy(binding, principal).map(role => ({ role, binding: binding.text })))
  }

  #meet (principal: Principal): RoleRights {
    const roles = [...new Set(this.given(principal).map(({ role }) => role))].sort()
    const key = roles.join(' ')
    let rights = this.#sets.get(key)
    if (rights === undefined) {
      rights = new RoleRights(this.policy, roles, this.rights)
      makeRoom(this.#sets, Math.ceil(this.callers / 10))
      this.#sets.set(key, rights)
    }
    if (!this.#callers.has(principal.name)) makeRoom(this.#callers, this.callers)
    this.#callers.set(principal.name, { method: principal.method, carried: principal.roles, rights })
    return rights
  }
}

/** The oldest go first. */
function makeRoom (kept: Map<string, unknown>, most: number): void {
  if (kept.size < most) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}

function sameRoles (one: readonly string[], other: readonly string[]): boolean {
  if (one === other) return true
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false
  return true
}

/** An anonymous caller is met by its name alone: nobody means it by a pattern. */
function rolesBy (binding: Binding, principal: Principal): readonly string[] {
  const { by, patterns, method, roles } = binding
  if (method !== undefined && principal.method !== '' && method !== principal.method) return []
  if (by === 'principal') {
    const isAnonymous = principal.method === 'none'
    const isMeant = patterns.some(pattern => pattern.text === 'anonymous' ? isAnonymous : !isAnonymous && pattern.matches(principal.name))
    return isMeant ? roles ?? [] : []
  }
  const carried = principal.roles.filter(role => patterns.some(pattern => pattern.matches(role)))
  return carried.length === 0 ? [] : roles ?? carried
}
