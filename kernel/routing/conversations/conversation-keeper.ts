import type { Change, Clock, Logger, Store } from '../../contract/index.js'
import type { NameOf } from '../frames/frame-message.js'
import type { ConversationReport } from './conversation-desk.js'
import { conversationOf, conversationValue, keptConversation, keyOfConversation, type KeptConversation } from './kept-conversation.js'

/** The collection in which the latest states of open conversations are. */
export const KEPT_CONVERSATIONS = 'conversations'

/** Latest states of conversations: of those that are open, and the ids of those that have ended. */
export type ConversationStates = Pick<ConversationReport, 'changed' | 'gone'>

/** States that are kept in a commit with others. */
export interface JointStates {
  readonly changes: readonly Change[]
  /** To be called when it is clear whether they were kept. */
  readonly settled: (isKept: boolean) => void
}

type Latest = readonly [key: string, value: Uint8Array | undefined]

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
  /** What is being written of it, but for what was superseded meanwhile. */
  #batch = new Map<string, Uint8Array | undefined>()
  /** Keys in commits with others that are not settled: how many for each. What comes later of them waits. */
  readonly #joined = new Map<string, number>()
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
  keep (states: ConversationStates): void {
    for (const [key, value] of this.#latest(states)) this.#wait(key, value)
    this.#goOn()
  }

  /** Gives the changes that keep states in a commit with others: from now on these are the latest. */
  join (states: ConversationStates): JointStates {
    const latest = this.#latest(states)
    for (const [key] of latest) {
      this.#waiting.delete(key)
      this.#batch.delete(key)
      this.#joined.set(key, (this.#joined.get(key) ?? 0) + 1)
    }
    return {
      changes: latest.map(changeOf),
      settled: isKept => {
        for (const [key, value] of latest) {
          const left = (this.#joined.get(key) ?? 1) - 1
          if (left > 0) this.#joined.set(key, left)
          else this.#joined.delete(key)
          // Another commit that is under way has a newer one, and so has what waits.
          if (!isKept && left === 0 && !this.#waiting.has(key)) this.#wait(key, value)
        }
        this.#goOn()
      },
    }
  }

  /** Says that a kept conversation has ended. */
  forget (key: string): void {
    this.#wait(key, undefined)
    this.#goOn()
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

  #latest ({ changed, gone }: ConversationStates): Latest[] {
    const latest: Latest[] = []
    for (const picture of changed) {
      const kept = keptConversation(picture, this.nameOf)
      if (kept !== undefined) latest.push([keyOfConversation(picture.id), conversationValue(kept)])
    }
    for (const id of gone) latest.push([keyOfConversation(id), undefined])
    return latest
  }

  #goOn (): void {
    if (this.#waiting.size > 0) this.#writing ??= this.#write()
  }

  async #write (): Promise<void> {
    for (let batch = this.#takeBatch(); batch.size > 0; batch = this.#takeBatch()) {
      this.#batch = batch
      const { size } = batch
      try {
        await this.store.commit([...batch].map(changeOf))
      } catch (error) {
        this.log.error('open conversations could not be kept', { count: size, cause: String(error) })
        for (const [key, value] of batch) if (!this.#waiting.has(key)) this.#wait(key, value)
        if (!await this.#mayRetry()) break
      }
    }
    this.#batch = new Map()
    this.#writing = undefined
  }

  #takeBatch (): Map<string, Uint8Array | undefined> {
    const batch = new Map<string, Uint8Array | undefined>()
    for (const [key, value] of this.#waiting) {
      if (!this.#joined.has(key)) batch.set(key, value)
      if (batch.size === BATCH) break
    }
    for (const key of batch.keys()) this.#waiting.delete(key)
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

const changeOf = ([key, value]: Latest): Change =>
  value === undefined ? { delete: KEPT_CONVERSATIONS, key } : { put: KEPT_CONVERSATIONS, key, value }

const prefix = (home: number): string => home > 0xff ? 'g' : home.toString(16).padStart(2, '0')
