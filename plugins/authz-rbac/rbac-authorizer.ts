import {
  ClockToken, inject, injectable, OperationCatalogueToken, PluginConfig, PluginLog, SecurityEventsToken, WatchedFiles,
  type Authorizer, type Clock, type Decision, type Health, type Logger, type OperationCatalogue, type OperationInfo, type PluginLife,
  type Principal, type SecurityEvents,
} from '../../kernel/contract/index.js'
import type { AuthzRbacConfig } from './authz-rbac-config.js'
import { CompiledPolicy } from './compiled-policy.js'
import { readPolicyText } from './policy-file.js'
import { readPolicy, rightsOf } from './policy-reader.js'

const NOT_YET: Decision = { allowed: false, because: 'no policy is in force yet' }

/**
 * Decides on rights by a policy file. The file is looked at again and again: a new one that is right is in force from the next call
 * on; a wrong one leaves the earlier policy in force, and is reported loudly.
 */
@injectable()
export class RbacAuthorizer implements Authorizer, PluginLife {
  #compiled: CompiledPolicy | undefined
  #rights: readonly string[] = []
  #trouble: string | undefined
  readonly #watched: WatchedFiles

  constructor (
    @inject(OperationCatalogueToken) private readonly catalogue: OperationCatalogue,
    @inject(SecurityEventsToken) private readonly events: SecurityEvents,
    @inject(ClockToken) clock: Clock,
    @inject(PluginConfig) private readonly config: AuthzRbacConfig,
    @inject(PluginLog) private readonly log: Logger,
  ) {
    this.#watched = new WatchedFiles({
      files: [config.policy], interval: config.check_interval, clock, changed: () => this.#loadAgain(),
    })
  }

  async start (): Promise<void> {
    this.#rights = rightsOf(this.catalogue.list())
    await this.#watched.note()
    await this.#load()
    this.#watched.start()
  }

  stop (): Promise<void> {
    return this.#watched.stop()
  }

  health (): Health {
    if (this.#trouble === undefined) return { state: 'ready' }
    return { state: 'degraded', detail: `the earlier policy stays in force, because of the new one: ${this.#trouble}` }
  }

  decide (principal: Principal, operation: OperationInfo, resource: string): Decision {
    return this.#compiled === undefined ? NOT_YET : this.#compiled.decide(principal, operation.right, resource)
  }

  /** The policy in force; undefined before the start. */
  get compiled (): CompiledPolicy | undefined {
    return this.#compiled
  }

  /** Why a newer file is not in force. */
  get trouble (): string | undefined {
    return this.#trouble
  }

  get file (): string {
    return this.config.policy
  }

  /** Every operation that there is. */
  operations (): readonly OperationInfo[] {
    return this.catalogue.list()
  }

  async #loadAgain (): Promise<void> {
    const { policy } = this.config
    try {
      await this.#load()
      this.events.note({ what: 'policy-replaced', resource: policy, result: 'ok' })
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error)
      this.log.error('the new policy is not taken: the earlier one stays in force', { policy, error })
      this.events.note({ what: 'policy-refused', resource: policy, result: 'refused', because: this.#trouble })
    }
  }

  async #load (): Promise<void> {
    const { policy: file } = this.config
    const policy = readPolicy(await readPolicyText(file), file, this.#rights)
    this.#compiled = new CompiledPolicy(policy, this.#rights)
    this.#trouble = undefined
    if (policy.bindings.length === 0) this.log.warn(`nobody has any role: ${file} has no [[bindings]], so every call is refused`)
    this.log.info('a policy is in force', { policy: file, roles: policy.roles.size, bindings: policy.bindings.length })
  }
}
