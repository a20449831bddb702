import type { AgentPlan } from './agent-record.js'

/** Most kinds of agents that are known at once; what comes beyond replaces the oldest. */
const KINDS = 256

/**
 * Agents of one kind have the same module under the same terms, and no configuration of their own: what their plans say alike is held once
 * for all of them.
 */
export class AlikePlans {
  readonly #kinds = new Map<string, Pick<AgentPlan, 'module' | 'permissions' | 'granted' | 'limits' | 'configuration' | 'wish'>>()

  /** The same plan, made of what an earlier one said alike. */
  share (plan: AgentPlan): AgentPlan {
    const { module, permissions, granted, limits, configuration, wish } = plan
    if (configuration.length > 0) return plan
    // The calls follow from the permissions.
    const kind = JSON.stringify([module, permissions, limits, wish])
    const known = this.#kinds.get(kind)
    if (known !== undefined) return { ...plan, ...known }
    const [oldest] = this.#kinds.keys()
    if (this.#kinds.size >= KINDS && oldest !== undefined) this.#kinds.delete(oldest)
    this.#kinds.set(kind, { module, permissions, granted, limits, configuration, wish })
    return plan
  }
}
