import { createHash } from 'node:crypto'
import { AgentPermissions } from '../../routing/permissions/agent-permissions.js'
import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import { ModuleAltered, PermissionNotGrantable } from './agent-errors.js'
import type { AgentPlan } from './agent-record.js'

/** What {@link AgentAdmission} goes by. */
export type AdmissionRules = Pick<AgentsConfiguration, 'permissions_max'>

/**
 * Which agents may run on this node at all, wherever their plans come from: a deployment, the store, another node. Asked each time
 * before an agent's module is made ready.
 */
export class AgentAdmission {
  #most: AgentPermissions | undefined

  constructor (private readonly rules: AdmissionRules) {}

  /** Throws `PERMISSION_NOT_GRANTABLE`. */
  admit (plan: Pick<AgentPlan, 'permissions'>): void {
    this.#most ??= AgentPermissions.read(this.rules.permissions_max, unreadable)
    const permission = AgentPermissions.read(plan.permissions, unreadable).beyond(this.#most)
    if (permission !== undefined) throw PermissionNotGrantable({ permission })
  }

  /** Throws `MODULE_ALTERED` when these bytes are not the module of the plan. */
  checkModule ({ name, module: hash }: Pick<AgentPlan, 'name' | 'module'>, module: Uint8Array): void {
    const found = createHash('sha256').update(module).digest('hex')
    if (found !== hash) throw ModuleAltered({ name, expected: hash, found })
  }
}

/** Words are checked where they come in. */
function unreadable (word: string, problem: string): never {
  throw new RangeError(`the permission "${word}" ${problem}`)
}
