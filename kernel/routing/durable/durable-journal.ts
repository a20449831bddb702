import type { Change, Store } from '../../contract/index.js'

/** Most bytes of messages that wait for the disk. */
const WAITING_BYTES = 32 * 1024 * 1024
/** Most changes that go into one commit. */
const CHANGES = 4_000

interface Waiting {
  readonly changes: readonly Change[]
  readonly bytes: number
  readonly settled: (error: Error | undefined) => void
}

/**
 * Brings durable messages to the store: what gathers while one commit is under way goes into the next, in the order of the
 * calls, so that the disk sets the pace and each commit carries many. The changes of one call are applied together or not at all.
 */
export class DurableJournal {
  #waiting: Waiting[] = []
  #bytes = 0
  #running: Promise<void> | undefined

  constructor (private readonly store: Store) {}

  /** Whether so much waits for the disk that no more should be accepted. */
  get isFull (): boolean {
    return this.#bytes >= WAITING_BYTES
  }

  /** `settled` is called once, with the error when nothing of it was kept. */
  write (changes: readonly Change[], settled: (error: Error | undefined) => void): void {
    const bytes = changes.reduce((sum, change) => sum + ('put' in change ? change.value.byteLength : 0), 0)
    this.#bytes += bytes
    this.#waiting.push({ changes, bytes, settled })
    this.#running ??= this.#run()
  }

  /** Resolves when everything written so far is settled. */
  async flush (): Promise<void> {
    if (this.#running !== undefined) await new Promise<void>(resolve => { this.write([], () => resolve()) })
  }

  async #run (): Promise<void> {
    // A turn of the event loop: what arrives together goes to the disk together.
    await new Promise<void>(resolve => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#commit(this.#take())
    this.#running = undefined
  }

  #take (): Waiting[] {
    let changes = 0
    let count = 0
    for (const waiting of this.#waiting) {
      changes += waiting.changes.length
      if (count > 0 && changes > CHANGES) break
      count += 1
    }
    return this.#waiting.splice(0, count)
  }

  async #commit (taken: readonly Waiting[]): Promise<void> {
    let failure: Error | undefined
    try {
      const changes = taken.flatMap(({ changes }) => changes)
      if (changes.length > 0) await this.store.commit(changes)
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
    }
    for (const { bytes, settled } of taken) {
      this.#bytes -= bytes
      settled(failure)
    }
  }
}
