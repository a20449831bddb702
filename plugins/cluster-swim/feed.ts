import type { Logger } from '../../kernel/contract/index.js'

/** Calls back whoever wants to hear of something. */
export class Feed<T> {
  readonly #listeners = new Set<(news: T) => void>()

  constructor (private readonly log: Logger) {}

  on (listener: (news: T) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    // Wrapped, so that one function that was given twice is called twice.
    const wrapped = (news: T): void => { listener(news) }
    this.#listeners.add(wrapped)
    signal.addEventListener('abort', () => { this.#listeners.delete(wrapped) }, { once: true })
  }

  tell (news: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(news)
      } catch (error) {
        this.log.error('a part of the server could not take news of the cluster', { error })
      }
    }
  }

  clear (): void {
    this.#listeners.clear()
  }
}
