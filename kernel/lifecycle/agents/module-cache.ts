import type { GuestLimits, HostCall, PreparedModule } from '../../contract/index.js'

/** What a module's preparation depends on. */
export interface ModuleUse {
  readonly module: string
  readonly granted: readonly HostCall[]
  readonly limits: GuestLimits
}

interface Cached {
  readonly prepared: Promise<PreparedModule>
  users: number
}

/** Prepared modules, each once however many agents run it, for as long as one does. */
export class ModuleCache {
  readonly #modules = new Map<string, Cached>()

  /** The prepared module, made by `prepare` if nobody has it yet. Every success is given back with {@link release}. */
  async take (use: ModuleUse, prepare: () => Promise<PreparedModule>): Promise<PreparedModule> {
    const key = keyOf(use)
    const cached = this.#modules.get(key) ?? { prepared: prepare(), users: 0 }
    this.#modules.set(key, cached)
    cached.users += 1
    try {
      return await cached.prepared
    } catch (error) {
      this.release(use)
      throw error
    }
  }

  release (use: ModuleUse): void {
    const cached = this.#modules.get(keyOf(use))
    if (cached === undefined) return
    cached.users -= 1
    if (cached.users === 0) this.#modules.delete(keyOf(use))
  }
}

/** Tells two uses of a module apart: the grants and limits are part of what was prepared. */
export const keyOf = ({ module, granted, limits }: ModuleUse): string => JSON.stringify([module, granted, limits])
