import {
  inject, injectable, PluginConfig, type PluginLife, type Scoped, type Store, StoreUnavailable,
} from '../../kernel/contract/index.js'
import type { MemoryStoreConfig } from './memory-store-config.js'
import { MemoryRoom } from './memory-room.js'
import { MemoryScope } from './memory-scope.js'

/** Every owner's state, in memory. Answers from the moment it exists until it stops; then all is forgotten. */
@injectable()
export class MemoryStore implements Scoped<Store>, PluginLife {
  readonly #scopes = new Map<string, MemoryScope>()
  readonly #room: MemoryRoom
  #stopped = false

  constructor (@inject(PluginConfig) config: MemoryStoreConfig) {
    this.#room = new MemoryRoom(config.max_size)
  }

  scopeFor (instance: string): Store {
    const known = this.#scopes.get(instance)
    if (known) return known
    const scope = new MemoryScope(instance, this.#room, () => this.#demandRunning())
    this.#scopes.set(instance, scope)
    return scope
  }

  async stop (): Promise<void> {
    this.#stopped = true
    this.#scopes.clear()
  }

  #demandRunning (): void {
    if (this.#stopped) throw StoreUnavailable({ reason: 'it has stopped' })
  }
}
