import type { AgentPlace } from '../agents/agent-record.js'

/**
 * Which slot of which shard is taken: agents go to the emptiest shard, and slots that were given back are used again
 * first.
 */
export class ShardPlaces {
  readonly #free: number[][]
  readonly #used: number[]

  constructor (shards: number) {
    this.#free = Array.from({ length: shards }, () => [])
    this.#used = new Array<number>(shards).fill(0)
  }

  /** A slot in the preferred shard, if there is such a shard, else in the one with the fewest agents. */
  take (preferred = -1): AgentPlace {
    const shard = preferred in this.#used ? preferred : this.#used.indexOf(Math.min(...this.#used))
    const used = this.#used[shard] ?? 0
    this.#used[shard] = used + 1
    // Without free slots, those in use are exactly the first ones.
    return { shard, slot: this.#free[shard]?.pop() ?? used }
  }

  giveBack ({ shard, slot }: AgentPlace): void {
    this.#used[shard] = (this.#used[shard] ?? 1) - 1
    this.#free[shard]?.push(slot)
  }
}
