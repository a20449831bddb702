import type { Change, Clock, Logger, Store } from '../../contract/index.js'
import type { NameOf } from '../frames/frame-message.js'
import { decodeFrame } from '../frames/frame.js'
import { letterOf, valueOf, type KeptLetter } from './kept-letter.js'
import { ANY, type LetterChoice } from './letter-choice.js'
import { LetterPages, LETTERS, type LetterPage } from './letter-pages.js'
import { DeadLetterNotFound } from '../routing-errors.js'
import type { Undeliverable } from '../undeliverable.js'

/** Most letters, and most bytes of them, that wait for being written; and how long they gather, in milliseconds. */
const WAITING = 4_096
const WAITING_BYTES = 32 * 1024 * 1024
const GATHER = 100

/**
 * Messages that could not be delivered, kept in the store up to a bound, oldest out first. Written a batch at a time;
 * what comes faster than it can be written is counted and not kept. Names are written down, since handles don't outlive
 * a start.
 */
export class DeadLetters {
  #waiting: KeptLetter[] = []
  #waitingBytes = 0
  #kept = 0
  #counted = 0
  /** Of the latest key: ids go up even when the clock goes back. */
  #latest = 0
  #serial = 0
  /** Ends when nothing changes the store's letters. */
  #turn: Promise<void> = Promise.resolve()
  readonly #pages: LetterPages
  #writing: Promise<void> | undefined
  /** Ends the gathering early. */
  #hurry: (() => void) | undefined

  /** @param bound Most letters kept. */
  constructor (
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly nameOf: NameOf,
    private readonly bound: number,
  ) {
    this.#pages = new LetterPages(store)
  }

  /** How many are in the store. */
  get kept (): number {
    return this.#kept
  }

  /** How many there were since the server started, kept or not. */
  get counted (): number {
    return this.#counted
  }

  /** Called after the store's collections were made. */
  async open (): Promise<void> {
    this.#kept = await this.store.count(LETTERS)
    const { found: [newest] } = await this.#pages.find(ANY, { page: '', limit: 1, newestFirst: true })
    this.#latest = newest === undefined ? 0 : timeOf(newest.id) + 1
  }

  /** Takes a letter; the frame becomes its own. */
  add (frame: Uint8Array, reason: Undeliverable): void {
    this.#counted += 1
    if (this.bound === 0 || this.#waiting.length >= WAITING || this.#waitingBytes + frame.length > WAITING_BYTES) return
    const { sender, receiver } = decodeFrame(frame)
    this.#waitingBytes += frame.length
    // Names are read now: a moment later the handles may be somebody else's.
    this.#waiting.push({
      at: this.clock.now(), reason, frame, sender: this.nameOf(sender.handle), receiver: this.nameOf(receiver.handle),
    })
    this.#writing ??= this.#writeSoon()
  }

  /** A page of letters, newest first, of about `limit` at the most. */
  list (choice: LetterChoice, page: string, limit: number): Promise<LetterPage> {
    return this.#pages.find(choice, { page, limit, newestFirst: true })
  }

  /** Throws `DEAD_LETTER_NOT_FOUND`. */
  async get (id: string): Promise<KeptLetter> {
    const value = await this.store.get(LETTERS, id)
    if (value === undefined) throw DeadLetterNotFound({ id })
    return letterOf(value)
  }

  /**
   * A page of letters, oldest first, each of which is deleted if `gone` says so. Should the store fail after `gone` was
   * asked, the letters stay.
   */
  remove (choice: LetterChoice, page: string, limit: number, gone: (letter: KeptLetter) => boolean): Promise<LetterPage> {
    return this.#alone(async () => {
      const found = await this.#pages.find(choice, { page, limit, newestFirst: false })
      const leaving = found.found.filter(({ letter }) => gone(letter))
      if (leaving.length > 0) await this.store.commit(leaving.map(({ id }) => ({ delete: LETTERS, key: id })))
      this.#kept -= leaving.length
      return found
    })
  }

  /** Writes what waits. Called while the store still runs. */
  async flush (): Promise<void> {
    this.#hurry?.()
    await this.#writing
  }

  async #writeSoon (): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather()
      await this.#write()
    }
    this.#writing = undefined
  }

  async #gather (): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = this.clock.after(GATHER, resolve)
      this.#hurry = () => {
        timer.cancel()
        resolve()
      }
    })
    this.#hurry = undefined
  }

  async #write (): Promise<void> {
    const letters = this.#waiting
    if (letters.length === 0) return
    this.#waiting = []
    this.#waitingBytes = 0
    await this.#alone(() => this.#commit(letters))
  }

  async #commit (letters: readonly KeptLetter[]): Promise<void> {
    const changes: Change[] = letters.map(letter => ({ put: LETTERS, key: this.#key(letter.at), value: valueOf(letter) }))
    const excess = Math.max(0, this.#kept + letters.length - this.bound)
    if (excess > 0) changes.push({ clear: LETTERS, range: { limit: excess } })
    this.#kept += letters.length - excess
    try {
      await this.store.commit(changes)
    } catch (error) {
      this.#kept -= letters.length - excess
      this.log.error('dead letters could not be kept', { count: letters.length, cause: String(error) })
    }
  }

  /** One after the other: what counts and deletes letters must not meet what writes them. */
  #alone<T> (work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.then(() => undefined, () => undefined)
    return result
  }

  /** Ordered by time; the serial number tells letters of one millisecond apart. */
  #key (at: number): string {
    this.#serial = (this.#serial + 1) % 0x1000000
    this.#latest = Math.max(this.#latest + (this.#serial === 0 ? 1 : 0), at)
    return `${this.#latest.toString(16).padStart(12, '0')}-${this.#serial.toString(16).padStart(6, '0')}`
  }
}

/** When the letter of an id failed. */
const timeOf = (id: string): number => Number.parseInt(id, 16)
