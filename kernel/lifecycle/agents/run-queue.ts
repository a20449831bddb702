import type { ShardAgent } from './shard-agent.js'

/** Agents that have something to handle, each at most once, first come first served. */
export class RunQueue {
  readonly #ring: Array<ShardAgent | undefined>
  #first = 0
  #count = 0

  /** @param agents How many agents there can be. */
  constructor (agents: number) {
    this.#ring = new Array<ShardAgent | undefined>(agents).fill(undefined)
  }

  get isEmpty (): boolean {
    return this.#count === 0
  }

  add (agent: ShardAgent): void {
    if (agent.queued) return
    agent.queued = true
    this.#ring[(this.#first + this.#count) % this.#ring.length] = agent
    this.#count += 1
  }

  take (): ShardAgent | undefined {
    if (this.#count === 0) return undefined
    const agent = this.#ring[this.#first]
    this.#ring[this.#first] = undefined
    this.#first = (this.#first + 1) % this.#ring.length
    this.#count -= 1
    if (agent !== undefined) agent.queued = false
    return agent
  }
}
