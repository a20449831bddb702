import type { Change, Clock, DeadLetter, Logger, Store } from '../contract/index.js'
import type { NameOf } from './acl-message.js'
import { decodeFrame } from './frame.js'
import { letterOf, shownLetter, valueOf, type KeptLetter } from './kept-letter.js'
import type { Undeliverable } from './undeliverable.js'

const LETTERS = 'dead-letters'
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
  #serial = 0
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
  ) {}

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
  }

  /** Takes a letter; the frame becomes its own. */
  add (frame: Uint8Array, reason: Undeliverable): void {
    this.#counted += 1
    if (this.bound === 0 || this.#waiting.length >= WAITING || this.#waitingBytes + frame.length > WAITING_BYTES) return
    const { sender, receiver } = decodeFrame(frame)
    this.#waitingBytes += frame.length
    // Names are read now: a moment later the handles may be somebody else's.
    this.#waiting.push({
      at: this.clock.now(), reason, frame,
      ...named('sender', this.nameOf(sender.handle)), ...named('receiver', this.nameOf(receiver.handle)),
    })
    this.#writing ??= this.#writeSoon()
  }

  /** The newest, newest first. */
  async newest (limit: number): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = []
    for await (const { key, value } of this.store.scan(LETTERS, { reverse: true, limit })) letters.push(shownLetter(key, letterOf(value)))
    return letters
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

  /** Ordered by time; the serial number tells letters of one millisecond apart. */
  #key (at: number): string {
    this.#serial = (this.#serial + 1) % 0x1000000
    return `${at.toString(16).padStart(12, '0')}-${this.#serial.toString(16).padStart(6, '0')}`
  }
}

const named = (part: 'sender' | 'receiver', name: string | undefined): object => name === undefined ? {} : { [part]: name }
