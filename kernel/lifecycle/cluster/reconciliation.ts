import type { AgentRegistry, Clock, ClusterView, Logger, Membership } from '../../contract/index.js'
import type { Fencing } from './fencing.js'
import type { QueuedWrites } from './queued-writes.js'

/** How often it is looked whether everybody was heard, in milliseconds, and how long at most. */
const LOOK = 50
const PATIENCE = 5_000

/** What {@link Reconciliation} works with. */
export interface ReconciliationParts {
  readonly self: string
  readonly membership: Pick<Membership, 'view' | 'members' | 'reconciled'>
  readonly registry: Pick<AgentRegistry, 'heardOf'>
  /** Agents that are just being given up because another node has the better claim. */
  readonly losing: () => number
  readonly fencing: Fencing
  readonly writes: QueuedWrites
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Follows how this node stands in the cluster: fences its agents in a minority; when the parts meet again, first lets the losers stop,
 * then lets its own agents go on, then carries out what was queued (DESIGN §5).
 */
export class Reconciliation {
  readonly #ended = new AbortController()
  #running: Promise<void> | undefined
  #wasApart = false

  constructor (private readonly parts: ReconciliationParts) {}

  seen (view: ClusterView): void {
    const { fencing } = this.parts
    if (view.standing === 'minority') {
      this.#wasApart = true
      fencing.begin()
      return
    }
    // It is back in time: nothing is stopped any more.
    fencing.close()
    if (view.standing === 'unstable') return
    // What an earlier process queued waits, too.
    const hasWork = view.standing === 'reconciling' || this.#wasApart || this.parts.writes.count > 0
    if (hasWork) this.#running ??= this.#putTogether().finally(() => { this.#running = undefined })
  }

  async close (): Promise<void> {
    this.#ended.abort()
    this.parts.fencing.close()
    await this.#running
  }

  async #putTogether (): Promise<void> {
    const { membership, fencing, writes, clock, log } = this.parts
    const began = clock.elapsed()
    try {
      await this.#heardAll()
      if (!membership.view().isWritable || this.#ended.signal.aborted) return
      await fencing.end()
      await writes.replay()
      if (writes.count > 0 || this.#ended.signal.aborted) return
      this.#wasApart = false
      log.info('what was written apart is put together', { milliseconds: Math.round(clock.elapsed() - began) })
      membership.reconciled()
    } catch (error) {
      log.error('what was written apart could not be put together; it is tried again when the cluster changes', { cause: String(error) })
    }
  }

  /** Waits until the registry has news of every node since the parts met, and no agent is left that another node has. */
  async #heardAll (): Promise<void> {
    const { membership, registry, losing, self, clock, log } = this.parts
    const { since } = membership.view()
    const until = clock.elapsed() + PATIENCE
    while (!this.#ended.signal.aborted) {
      const missing = membership.members().filter(({ nodeId, isCaxton, state }) =>
        nodeId !== self && isCaxton && state === 'alive' && registry.heardOf(nodeId) < since)
      if (missing.length === 0 && losing() === 0) return
      if (clock.elapsed() >= until) {
        log.warn('not every node was heard of its agents; the others are put together', { missing: missing.map(({ nodeId }) => nodeId) })
        return
      }
      await new Promise<void>(resolve => { clock.after(LOOK, resolve) })
    }
  }
}
