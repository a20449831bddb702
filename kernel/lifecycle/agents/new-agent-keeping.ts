import type { Logger } from '../../contract/index.js'
import type { AgentPlan } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import type { AgentStore } from './agent-store.js'
import { messageOf } from '../shards/agent-turns.js'

/** What {@link NewAgentKeeping} works with. */
export interface KeepingParts {
  readonly store: Pick<AgentStore, 'keepVersion' | 'forget'>
  readonly roster: Pick<AgentRoster, 'expect' | 'expectNoMore' | 'unusedModule'>
  readonly log: Logger
}

/**
 * A new agent's way to the disk, which may begin while its module is still compiled: either takes about as long. A server that dies
 * in between finds an agent that nobody was told of; it tries that one like all others when it starts.
 */
export class NewAgentKeeping {
  #kept: Promise<void> | undefined

  constructor (private readonly plan: AgentPlan, private readonly module: Uint8Array, private readonly parts: KeepingParts) {}

  /** Begins, unless it has begun. */
  begin (): Promise<void> {
    if (this.#kept !== undefined) return this.#kept
    const { plan, module, parts: { store, roster } } = this
    roster.expect(plan)
    this.#kept = store.keepVersion({ plan, wanted: true, quarantined: false }, module)
    // Whoever deploys looks at the outcome when the module is ready.
    this.#kept.catch(() => {})
    return this.#kept
  }

  /** Leaves nothing behind. A store that does not take that either is told of in the log. */
  async takeBack (): Promise<void> {
    const { plan, parts: { store, roster, log } } = this
    roster.expectNoMore(plan)
    const isKept = await this.#kept?.then(() => true, () => false) ?? false
    if (!isKept) return
    try {
      await store.forget(plan.name, roster.unusedModule(plan))
    } catch (error) {
      log.error('an agent that was refused could not be taken back from the disk; the next start tries it again',
        { agent: plan.name, cause: messageOf(error) })
    }
  }
}
