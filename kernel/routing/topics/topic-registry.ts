import type { Address } from '../frames/frame.js'
import type { SubscriptionChanges } from './topic-table.js'

/** Which running agents of this node subscribe to what. Main thread only. */
export class TopicRegistry {
  readonly #patterns = new Map<number, { readonly address: Address, readonly patterns: Set<string> }>()

  /** @param changed Told of every change, to bring it to the threads. */
  constructor (private readonly changed: (changes: SubscriptionChanges) => void) {}

  subscribe (address: Address, pattern: string): void {
    const { handle, generation } = address
    const own = this.#patterns.get(handle) ?? { address, patterns: new Set<string>() }
    this.#patterns.set(handle, own)
    if (own.patterns.has(pattern)) return
    own.patterns.add(pattern)
    this.changed({ removed: [], added: [[pattern, handle, generation]] })
  }

  unsubscribe (handle: number, pattern: string): void {
    if (this.#patterns.get(handle)?.patterns.delete(pattern) === true) this.changed({ removed: [[pattern, handle]], added: [] })
  }

  /** An agent does not run any more: all its subscriptions end. */
  end (handle: number): void {
    const own = this.#patterns.get(handle)
    if (own === undefined) return
    this.#patterns.delete(handle)
    this.changed({ removed: [...own.patterns].map(pattern => [pattern, handle]), added: [] })
  }

  /** Patterns that an agent subscribes to, in alphabetical order. */
  ofAgent (handle: number): string[] {
    return [...this.#patterns.get(handle)?.patterns ?? []].sort()
  }

  /** Everything, for a thread that begins to replicate. */
  all (): SubscriptionChanges {
    const added = [...this.#patterns.values()].flatMap(({ address: { handle, generation }, patterns }) =>
      [...patterns].map(pattern => [pattern, handle, generation] as const))
    return { removed: [], added }
  }
}
