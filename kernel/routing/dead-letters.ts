import { create } from '@bufbuild/protobuf'
import { DeadLetterSchema, type Clock, type DeadLetter, type Logger, type Store } from '../contract/index.js'
import { aclOf, type NameOf } from './acl-message.js'
import { decodeFrame } from './frame.js'
import type { Undeliverable } from './undeliverable.js'

const LETTERS = 'dead-letters'
/** Most letters that wait for being written, and how long they gather, in milliseconds. */
const WAITING = 4_096
const GATHER = 100
const PAGE = 1_000

interface Letter {
  readonly at: number
  readonly reason: string
  readonly frame: Uint8Array
}

/**
 * Messages that could not be delivered, kept in the store up to a bound, oldest out first. Written a batch at a time; what comes
 * faster than it can be written is counted and not kept. The receiver's name is written down, since handles don't outlive a start.
 */
export class DeadLetters {
  readonly #waiting: Letter[] = []
  #kept = 0
  #counted = 0
  #serial = 0
  #writing: Promise<void> | undefined

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

  add (frame: Uint8Array, reason: Undeliverable): void {
    this.#counted += 1
    if (this.bound === 0 || this.#waiting.length >= WAITING) return
    this.#waiting.push({ at: this.clock.now(), reason, frame })
    this.#writing ??= this.#writeSoon()
  }

  /** Counts letters that were lost before they came here. */
  addLost (count: number): void {
    this.#counted += count
  }

  /** The newest, newest first. */
  async newest (limit: number): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = []
    for await (const { value } of this.store.scan(LETTERS, { reverse: true, limit })) letters.push(letterOf(value))
    return letters
  }

  /** Writes what waits. Called while the store still runs. */
  async flush (): Promise<void> {
    await this.#writing
    await this.#write()
  }

  async #writeSoon (): Promise<void> {
    await new Promise<void>(resolve => this.clock.after(GATHER, resolve))
    await this.#write()
    this.#writing = undefined
  }

  async #write (): Promise<void> {
    const letters = this.#waiting.splice(0)
    if (letters.length === 0) return
    try {
      await this.store.commit(letters.map(letter => ({ put: LETTERS, key: this.#key(letter.at), value: this.#valueOf(letter) })))
      this.#kept += letters.length
      if (this.#kept > this.bound) await this.#dropOldest(this.#kept - this.bound)
    } catch (error) {
      this.log.error('dead letters could not be kept', { count: letters.length, cause: String(error) })
    }
  }

  async #dropOldest (count: number): Promise<void> {
    const keys: string[] = []
    for await (const { key } of this.store.scan(LETTERS, { limit: Math.min(count, PAGE) })) keys.push(key)
    await this.store.commit(keys.map(key => ({ delete: LETTERS, key })))
    this.#kept -= keys.length
  }

  /** Ordered by time; the serial number tells letters of one millisecond apart. */
  #key (at: number): string {
    this.#serial = (this.#serial + 1) % 0x1000000
    return `${at.toString(16).padStart(12, '0')}-${this.#serial.toString(16).padStart(6, '0')}`
  }

  #valueOf ({ at, reason, frame }: Letter): Uint8Array {
    const message = aclOf(frame, this.nameOf)
    const { content, ...rest } = message
    const kept = { at, reason, traceId: decodeFrame(frame).traceId, message: { ...rest, replyBy: Number(rest.replyBy), content: Buffer.from(content).toString('base64') } }
    return Buffer.from(JSON.stringify(kept))
  }
}

function letterOf (value: Uint8Array): DeadLetter {
  const kept = JSON.parse(Buffer.from(value).toString()) as {
    readonly at: number, readonly reason: string, readonly traceId: string
    readonly message: { readonly content: string, readonly replyBy: number, readonly user: Record<string, string> } & Readonly<Record<string, unknown>>
  }
  const { content, replyBy, $typeName: _, ...rest } = kept.message
  return create(DeadLetterSchema, {
    at: BigInt(kept.at),
    reason: kept.reason,
    traceId: kept.traceId,
    message: { ...rest, replyBy: BigInt(replyBy), content: Buffer.from(content, 'base64') },
  })
}
