import { hash } from 'node:crypto'
import { AgentPermissions } from '../../routing/permissions/agent-permissions.js'
import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import { ModuleAltered, ModuleSignatureInvalid, ModuleSignerUntrusted, ModuleUnsigned, PermissionNotGrantable } from './agent-errors.js'
import type { AgentPlan } from './agent-record.js'
import { isSignedBy } from './module-signature.js'
import type { TrustedKeys } from './trusted-keys.js'

/** What {@link AgentAdmission} goes by. */
export type AdmissionRules = Pick<AgentsConfiguration, 'permissions_max' | 'require_signed'>

/** What of a plan decides whether it may run. */
export type AdmittedPlan = Pick<AgentPlan, 'name' | 'module' | 'permissions' | 'signature'>

/**
 * Which agents may run on this node at all, wherever their plans come from: a deployment, the store, another node. Asked each time
 * before an agent's module is made ready.
 */
export class AgentAdmission {
  #most: AgentPermissions | undefined

  constructor (private readonly rules: AdmissionRules, private readonly keys: Pick<TrustedKeys, 'open' | 'find'>) {}

  /** Throws `TRUSTED_KEY_INVALID`. */
  async open (): Promise<void> {
    await this.keys.open()
  }

  /** Throws `PERMISSION_NOT_GRANTABLE`, `MODULE_UNSIGNED`, `MODULE_SIGNER_UNTRUSTED` and `MODULE_SIGNATURE_INVALID`. */
  admit (plan: AdmittedPlan): void {
    this.#most ??= AgentPermissions.read(this.rules.permissions_max, unreadable)
    const permission = AgentPermissions.read(plan.permissions, unreadable).beyond(this.#most)
    if (permission !== undefined) throw PermissionNotGrantable({ permission })
    if (this.signerOf(plan) !== undefined || !this.rules.require_signed) return
    const { name, signature } = plan
    throw signature === undefined ? ModuleUnsigned({ name }) : ModuleSignerUntrusted({ name, key: signature.key })
  }

  /** Who signed the module of a plan, if it is somebody who is trusted. Throws `MODULE_SIGNATURE_INVALID` when that one did not. */
  signerOf ({ name, module, signature }: AdmittedPlan): string | undefined {
    const signer = signature === undefined ? undefined : this.keys.find(signature.key)
    if (signature === undefined || signer === undefined) return undefined
    if (isSignedBy(module, signature.signature, signer.key)) return signer.name
    throw ModuleSignatureInvalid({ name, signer: signer.name })
  }

  /** Throws `MODULE_ALTERED` when these bytes are not the module of the plan. */
  checkModule ({ name, module: expected }: Pick<AgentPlan, 'name' | 'module'>, module: Uint8Array): void {
    const found = hash('sha256', module)
    if (found !== expected) throw ModuleAltered({ name, expected, found })
  }
}

/** Words are checked where they come in. */
function unreadable (word: string, problem: string): never {
  throw new RangeError(`the permission "${word}" ${problem}`)
}
