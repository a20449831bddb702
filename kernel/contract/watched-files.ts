import { stat } from 'node:fs/promises'
import type { Clock } from './clock.js'
import { RecurringTask } from './recurring-task.js'

/** What {@link WatchedFiles} works with. */
export interface WatchedFilesParts {
  readonly files: readonly string[]
  /** Milliseconds between two looks. */
  readonly interval: number
  readonly clock: Clock
  /** Called when one of the files was replaced, written, made or removed; never twice at the same time. Must not reject. */
  readonly changed: () => Promise<void>
  /** Called before each look. Must not reject. */
  readonly beforeLook?: () => Promise<void>
}

/** Files that an operator may replace while the server runs: looked at again and again. */
export class WatchedFiles {
  readonly #task: RecurringTask
  #seen = ''

  constructor (private readonly parts: WatchedFilesParts) {
    this.#task = new RecurringTask(parts.clock, parts.interval, () => this.#look())
  }

  /** Notes how they are. Call it before they are read for the first time, so that no change is missed. */
  async note (): Promise<void> {
    this.#seen = await this.#state()
  }

  start (): void {
    this.#task.start()
  }

  /** Calls `changed`, whether or not one has, after what is under way. */
  changeNow (): void {
    this.#task.insert(this.parts.changed)
  }

  /** Resolves when no look is under way any more. */
  stop (): Promise<void> {
    return this.#task.stop()
  }

  async #look (): Promise<void> {
    await this.parts.beforeLook?.()
    const state = await this.#state()
    if (state === this.#seen) return
    this.#seen = state
    await this.parts.changed()
  }

  /** A file that can't be looked at has a state of its own. */
  async #state (): Promise<string> {
    const states = await Promise.all(this.parts.files.map(async file => {
      const found = await stat(file, { bigint: true }).catch(() => undefined)
      return found === undefined ? 'none' : `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`
    }))
    return states.join(' ')
  }
}
