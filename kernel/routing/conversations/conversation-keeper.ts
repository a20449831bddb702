import type { Change, Clock, Logger, Store } from '../../contract/index.js'
import type { NameOf } from '../frames/frame-message.js'
import type { ConversationReport } from './conversation-desk.js'
import { conversationOf, conversationValue, keptConversation, keyOfConversation, type KeptConversation } from './kept-conversation.js'

/** The collection in which the latest states of open conversations are. */
export const KEPT_CONVERSATIONS = 'conversations'

/** Changes in one batch, and changes that wait at the most. */
const BATCH = 1_000
const WAITING = 200_000
/** Wait before a batch that could not be written is tried again, in milliseconds. */
const RETRY_DELAY = 1_000

/**
 * Keeps the latest state of open conversations in the store: one batch under way at a time, and of what changes
 * meanwhile only the latest. Main thread only.
 */
export class ConversationKeeper {
  /** By key; undefined: it has ended. */
  readonly #waiting = new Map<string, Uint8Array | undefined>()
  #writing: Promise<void> | undefined
  #isHurried = false
  /** Ends the wait before a retry. */
  #hurry: (() => void) | undefined

  constructor (
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly nameOf: NameOf,
  ) {}

  /** Takes what changed in a thread. */
  keep ({ changed, gone }: Pick<ConversationReport, 'changed' | 'gone'>): void {
    for (const picture of changed) {
      const kept = keptConversation(picture, this.nameOf)
      if (kept !== undefined) this.#wait(keyOfConversation(picture.id), conversationValue(kept))
    }
    for (const id of gone) this.forget(keyOfConversation(id))
    if (this.#waiting.size > 0) this.#writing ??= this.#write()
  }

  /** Says that a kept conversation has ended. */
  forget (key: string): void {
    this.#wait(key, undefined)
    this.#writing ??= this.#write()
  }

  /** The kept conversations whose home is one thread, by key; those that can't be read are forgotten. */
  async * kept (home?: number): AsyncGenerator<readonly [key: string, kept: KeptConversation], void, undefined> {
    const range = home === undefined ? {} : { from: prefix(home), to: prefix(home + 1) }
    for await (const { key, value } of this.store.scan(KEPT_CONVERSATIONS, range)) {
      const kept = conversationOf(value)
      if (kept === undefined) this.forget(key)
      else yield [key, kept]
    }
  }

  /** Writes what waits, trying once. Called while the store still runs. */
  async flush (): Promise<void> {
    this.#isHurried = true
    this.#hurry?.()
    await this.#writing
    this.#isHurried = false
  }

  #wait (key: string, value: Uint8Array | undefined): void {
    if (this.#waiting.size < WAITING || this.#waiting.has(key)) this.#waiting.set(key, value)
  }

  async #write (): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = this.#takeBatch()
      try {
        await this.store.commit(batch.map(([key, value]): Change => value === undefined
          ? { delete: KEPT_CONVERSATIONS, key }
          : { put: KEPT_CONVERSATIONS, key, value }))
      } catch (error) {
        this.log.error('open conversations could not be kept', { count: batch.length, cause: String(error) })
        for (const [key, value] of batch) if (!this.#waiting.has(key)) this.#wait(key, value)
        if (!await this.#mayRetry()) break
      }
    }
    this.#writing = undefined
  }

  #takeBatch (): Array<readonly [key: string, value: Uint8Array | undefined]> {
    const batch: Array<readonly [string, Uint8Array | undefined]> = []
    for (const change of this.#waiting) {
      if (batch.push(change) === BATCH) break
    }
    for (const [key] of batch) this.#waiting.delete(key)
    return batch
  }

  /** Resolves to false when somebody is in a hurry. */
  async #mayRetry (): Promise<boolean> {
    if (this.#isHurried) return false
    const isLate = await new Promise<boolean>(resolve => {
      const timer = this.clock.after(RETRY_DELAY, () => resolve(true))
      this.#hurry = () => {
        timer.cancel()
        resolve(false)
      }
    })
    this.#hurry = undefined
    return isLate
  }
}

const prefix = (home: number): string => home > 0xff ? 'g' : home.toString(16).padStart(2, '0')
