/**
 * A queue between somebody who must not wait and those who read when they can: it keeps the newest `bound` items and
 * counts what it had to leave out. Several readers share the items. Ends when its signal aborts.
 */
export class BoundedStream<T> {
  readonly #items: T[] = []
  readonly #waiting = new Set<() => void>()
  #skipped = 0

  constructor (private readonly bound: number, private readonly signal: AbortSignal) {}

  push (item: T): void {
    if (this.#items.length >= this.bound) {
      this.#items.shift()
      this.#skipped += 1
    }
    this.#items.push(item)
    for (const wake of this.#waiting) wake()
  }

  /** How many items were left out since this was last asked. */
  takeSkipped (): number {
    const skipped = this.#skipped
    this.#skipped = 0
    return skipped
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<T, void, undefined> {
    while (!this.signal.aborted) {
      const item = this.#items.shift()
      if (item === undefined) await this.#arrival()
      else yield item
    }
  }

  async #arrival (): Promise<void> {
    await new Promise<void>(resolve => {
      const done = (): void => {
        this.signal.removeEventListener('abort', done)
        this.#waiting.delete(done)
        resolve()
      }
      this.signal.addEventListener('abort', done)
      this.#waiting.add(done)
    })
  }
}
