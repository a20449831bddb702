import type { WaitingMessages } from '../../routing/capabilities/capability-choice.js'
import type { RouteTable } from '../../routing/directory/route-table.js'
import { AGENT_FIGURE, ShardCounters } from './shard-memory.js'

/** How many messages wait for an agent, read from what its shard shares: any thread can, without asking. */
export class SharedMailboxes implements WaitingMessages {
  readonly #counters: readonly ShardCounters[]

  /** @param counters Of every place. */
  constructor (private readonly routes: RouteTable, counters: readonly SharedArrayBuffer[]) {
    this.#counters = counters.map(buffer => new ShardCounters(buffer))
  }

  waiting (handle: number): number {
    return this.#counters[this.routes.place(handle)]?.readAgent(this.routes.slot(handle), AGENT_FIGURE.mailbox) ?? 0
  }
}
