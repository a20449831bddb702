import type { ShardAgent } from './shard-agent.js'

/**
 * Agents that have something to handle, each at most once, first come first served: a list through the agents
 * themselves.
 */
export class RunQueue {
  #first: ShardAgent | undefined
  #last: ShardAgent | undefined

  get isEmpty (): boolean {
    return this.#first === undefined
  }

  add (agent: ShardAgent): void {
    if (agent.queued) return
    agent.queued = true
    if (this.#last === undefined) this.#first = agent
    else this.#last.following = agent
    this.#last = agent
  }

  take (): ShardAgent | undefined {
    const agent = this.#first
    if (agent === undefined) return undefined
    this.#first = agent.following
    if (this.#first === undefined) this.#last = undefined
    agent.following = undefined
    agent.queued = false
    return agent
  }
}
