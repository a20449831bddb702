import type { AgentBirth } from './shard-control.js'

const NO_CONFIGURATION = new Uint8Array(0)

interface ShardModule {
  readonly artefact: unknown
  /** The first agent's; the key says that those of all others are equal. */
  alike: Pick<AgentBirth, 'module' | 'limits' | 'granted'> | undefined
}

/** The modules that a shard was given, by key. */
export class ShardModules {
  readonly #modules = new Map<string, ShardModule>()

  add (key: string, artefact: unknown): void {
    this.#modules.set(key, { artefact, alike: undefined })
  }

  forget (key: string): void {
    this.#modules.delete(key)
  }

  artefact (key: string): unknown {
    return this.#modules.get(key)?.artefact
  }

  /**
   * A birth as the shard keeps it: each arrives with copies of what all agents of its module have in common, which are
   * kept once, and with a state that is needed once.
   */
  settled (birth: AgentBirth): AgentBirth {
    const module = this.#modules.get(birth.module)
    const { module: key, limits, granted } = birth
    const alike = module === undefined ? { module: key, limits, granted } : module.alike ??= { module: key, limits, granted }
    const configuration = birth.configuration.length === 0 ? NO_CONFIGURATION : birth.configuration
    return { ...birth, ...alike, configuration, state: undefined }
  }
}
