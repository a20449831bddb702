import type { AgentBirth } from './shard-control.js'

/** An agent to create, with the artefact of its module in case the shard does not have it yet. */
export interface ShardCandidate {
  readonly birth: AgentBirth
  readonly artefact: unknown
}

/** How many agents of a shard run each module that it has. */
export class ModuleUsers {
  readonly #users = new Map<string, number>()

  /** Each candidate is one more user of its module. Gives the artefacts that the shard does not have yet. */
  add (candidates: readonly ShardCandidate[]): ReadonlyArray<readonly [key: string, artefact: unknown]> {
    const modules = new Map<string, unknown>()
    for (const { birth: { module }, artefact } of candidates) {
      if (!this.#users.has(module)) modules.set(module, artefact)
      this.#users.set(module, (this.#users.get(module) ?? 0) + 1)
    }
    return [...modules]
  }

  /** One user of a module less; whether it was the last. */
  remove (module: string): boolean {
    const users = (this.#users.get(module) ?? 0) - 1
    if (users <= 0) return this.#users.delete(module)
    this.#users.set(module, users)
    return false
  }

  /** The shard begins anew, and has nothing. */
  clear (): void {
    this.#users.clear()
  }
}
