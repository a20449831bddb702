import type { Clock, Store } from '../../kernel/contract/index.js'

const COLLECTION = 'epochs'
const KEY = 'own-log'
const MIGRATIONS = [{ version: 1, summary: 'Keep the epoch of the log of agents.', creates: [COLLECTION] }]

/** Keeps the epoch of this node's log, so that each start has a higher one. */
export class EpochStore {
  constructor (private readonly store: Store, private readonly clock: Clock) {}

  /**
   * A higher epoch than ever before, kept when this resolves. At least the time in seconds, so that a node that lost its data
   * is not taken for its own past.
   */
  async raise (): Promise<number> {
    await this.store.migrate(MIGRATIONS)
    const kept = await this.store.get(COLLECTION, KEY)
    const last = kept ? Number(new TextDecoder().decode(kept)) : 0
    const epoch = Math.max(Number.isSafeInteger(last) ? last + 1 : 1, Math.floor(this.clock.now() / 1000), 1)
    await this.keep(epoch)
    return epoch
  }

  async keep (epoch: number): Promise<void> {
    await this.store.commit([{ put: COLLECTION, key: KEY, value: new TextEncoder().encode(String(epoch)) }])
  }
}
