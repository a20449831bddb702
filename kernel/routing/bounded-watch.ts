import { BoundedStream } from './bounded-stream.js'
import { TooManyWatchers } from './routing-errors.js'

/** Most items that wait for one watcher, and most watchers. */
const WAITING = 1_000
const WATCHERS = 64

interface Watcher<T> {
  readonly agents: ReadonlySet<string>
  readonly stream: BoundedStream<T>
  /** Items that were left out before they came here, and that this watcher was not told about yet. */
  skipped: number
}

/** Shows what happens to whoever watches; what is too much for one is left out, and counted with the next that it is shown. */
export class BoundedWatch<T extends object> {
  readonly #watchers = new Set<Watcher<T>>()

  /** @param tap Called when the first watcher comes and when the last one goes. */
  constructor (private readonly tap: (wanted: boolean) => void) {}

  get isWanted (): boolean {
    return this.#watchers.size > 0
  }

  /** Shows an item in which these agents play a part. */
  show (item: T, agents: readonly string[]): void {
    for (const { agents: wanted, stream } of this.#watchers) {
      if (wanted.size === 0 || agents.some(name => wanted.has(name))) stream.push(item)
    }
  }

  /** Counts items that were left out; every watcher hears of them with the next one that it is shown. */
  skip (count: number): void {
    for (const watcher of this.#watchers) watcher.skipped += count
  }

  /** Items in which one of the agents plays a part, all when none is named. Throws `TOO_MANY_WATCHERS`. */
  async * watch (agents: readonly string[], signal: AbortSignal): AsyncGenerator<T & { readonly skipped: bigint }, void, undefined> {
    if (this.#watchers.size >= WATCHERS) throw TooManyWatchers({ limit: WATCHERS })
    const watcher: Watcher<T> = { agents: new Set(agents), stream: new BoundedStream(WAITING, signal), skipped: 0 }
    this.#watchers.add(watcher)
    if (this.#watchers.size === 1) this.tap(true)
    try {
      for await (const item of watcher.stream) {
        const skipped = watcher.skipped + watcher.stream.takeSkipped()
        watcher.skipped = 0
        yield { ...item, skipped: BigInt(skipped) }
      }
    } finally {
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) this.tap(false)
    }
  }
}
