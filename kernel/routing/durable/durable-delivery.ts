import { DELIVERY, FRAME, FRAME_FLAGS, type Clock, type Logger, type Random, type Timer } from '../../contract/index.js'
import type { Directory } from '../directory.js'
import type { RingWriter } from '../ring.js'
import { CONDITION, type RouteTable } from '../route-table.js'
import { UNDELIVERABLE, type Undeliverable } from '../undeliverable.js'
import { DurableInbox, type Held, type HeldRoom } from './durable-inbox.js'
import type { DurableJournal } from './durable-journal.js'
import { INBOX, type KeptMessages } from './kept-messages.js'
import { retryDelay, type RetryRules } from './retry-rules.js'

/** Messages for one receiver that may be on their way to it at once. */
const WINDOW = 64
/** Wait before a message goes again that found no room, in milliseconds. */
const PAUSE = 20
const EXACTLY_ONCE = DELIVERY.indexOf('exactly-once')
/** Most bytes of messages in memory, of all receivers together. */
const HELD_BYTES = 64 * 1024 * 1024

/** Why a message came back that nobody failed at: it waits, and goes again. */
const WAITING: ReadonlySet<Undeliverable> = new Set<Undeliverable>([
  'AGENT_NOT_RUNNING', 'AGENT_NOT_FOUND', 'AGENT_RESTARTED', 'MAILBOX_FULL', 'SHARD_BUSY', 'SHARD_LOST',
])
/** Why a message is given up at once: trying again would change nothing. */
const HOPELESS: ReadonlySet<Undeliverable> = new Set<Undeliverable>(['MESSAGE_TOO_LARGE'])

/** How durable messages leave the main thread. None of these may block. */
export interface DurableWays {
  /** Brings a frame to its receiver's thread, as it is. */
  forward (frame: Uint8Array): Undeliverable | undefined
  /** Gives a frame up: a failure to its sender, a dead letter. */
  giveUp (frame: Uint8Array, reason: Undeliverable): void
}

/** What {@link DurableDelivery} works with. */
export interface DurableParts {
  readonly kept: KeptMessages
  readonly journal: DurableJournal
  readonly ways: DurableWays
  readonly directory: Directory
  readonly routes: RouteTable
  /** Rings to the other threads, by place. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
  readonly retries: RetryRules
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

interface OnTheWay {
  readonly inbox: DurableInbox
  readonly held: Held
  readonly place: number
  readonly mark: number
}

/**
 * Delivers messages that must not be lost: keeps each before it goes, hands it to its receiver's thread, tries again what failed, and
 * forgets it when it was handled or given up. Messages for an agent that does not run wait for it in the store. Main thread only.
 */
export class DurableDelivery {
  readonly #inboxes = new Map<string, DurableInbox>()
  readonly #onTheWay = new Map<number, OnTheWay>()
  readonly #counts = new Map<DurableInbox, number>()
  readonly #timers = new Set<Timer>()
  readonly #room: HeldRoom = { left: HELD_BYTES }
  #number = 0
  #waiting = 0
  #stopped = false
  /** Messages that were tried again since the start. */
  retried = 0

  constructor (private readonly parts: DurableParts) {}

  /** Durable messages that are not handled yet, in memory and in the store. */
  get waiting (): number {
    return this.#waiting
  }

  /** Finds what an earlier process left. Called before agents run. */
  async open (): Promise<void> {
    for (const name of await this.parts.kept.receivers()) this.#inbox(name).expectStored()
    this.#waiting = await this.parts.kept.count()
  }

  /** Nothing goes out any more; what is on its way may still be settled. */
  stop (): void {
    this.#stopped = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }

  /**
   * Keeps a stamped frame for its receiver. Resolves when it is durable: from then on it is not lost. Undefined, or the reason why it
   * could not be kept, which its sender is told.
   */
  accept (frame: Uint8Array): Promise<Undeliverable | undefined> {
    const { directory, kept, journal, ways } = this.parts
    const view = viewOf(frame)
    const receiver = directory.name(view.getUint32(FRAME.receiver, true))
    const refuse = (reason: Undeliverable): Undeliverable => {
      ways.giveUp(frame, reason)
      return reason
    }
    if (receiver === undefined) return Promise.resolve(refuse('AGENT_NOT_FOUND'))
    if (journal.isFull) return Promise.resolve(refuse('TOO_MANY_DURABLE'))
    const sender = directory.name(view.getUint32(FRAME.sender, true)) ?? ''
    const { held, change } = kept.keeping(receiver, { sender, attempts: 0, frame })
    return new Promise(resolve => {
      journal.write([change], error => {
        if (error === undefined) this.take(receiver, [held])
        resolve(error === undefined ? undefined : refuse('MESSAGE_NOT_KEPT'))
      })
    })
  }

  /** Takes messages for a receiver that were just kept. */
  take (receiver: string, messages: readonly Held[]): void {
    this.#waiting += messages.length
    const inbox = this.#inbox(receiver)
    for (const held of messages) inbox.offer(held)
    this.#pump(inbox)
  }

  /** The receiver of a number's message, if that is on its way. */
  receiverOf (number: number): string | undefined {
    return this.#onTheWay.get(number)?.inbox.name
  }

  keyOf (number: number): string | undefined {
    return this.#onTheWay.get(number)?.held.key
  }

  /** A thread says what became of a message. `outcome`: -1 handled, else a position in `UNDELIVERABLE`. */
  settle (number: number, outcome: number): void {
    const entry = this.#arrived(number)
    if (entry === undefined) return
    const reason = outcome < 0 ? undefined : UNDELIVERABLE[outcome] ?? 'AGENT_REJECTED'
    if (reason === undefined) this.#finish(entry)
    else if (WAITING.has(reason)) this.#keepWaiting(entry, reason)
    else this.#failed(entry, reason)
  }

  /** A message was handled, and the store knows it already. */
  handled (number: number): void {
    const entry = this.#arrived(number)
    if (entry === undefined) return
    this.#waiting -= 1
    entry.inbox.done(entry.held)
    this.#pump(entry.inbox)
  }

  /** An agent runs, or does so again. */
  available (name: string): void {
    const inbox = this.#inboxes.get(name)
    if (inbox !== undefined) this.#pump(inbox)
  }

  /** A thread went away with what it had taken from its ring. */
  threadLost (place: number): void {
    const writer = this.parts.writers[place]
    for (const [number, entry] of this.#onTheWay) {
      if (entry.place !== place || writer?.hasTaken(entry.mark) === false) continue
      this.settle(number, UNDELIVERABLE.indexOf('SHARD_LOST'))
    }
  }

  /** An agent is removed: what was kept for it goes back to the senders. Called while its name is still known. */
  async abandon (name: string): Promise<void> {
    const { kept, journal, ways } = this.parts
    const inbox = this.#inboxes.get(name)
    if (inbox === undefined) return
    inbox.clear()
    this.#inboxes.delete(name)
    for (const [number, entry] of this.#onTheWay) if (entry.inbox === inbox) this.#onTheWay.delete(number)
    this.#counts.delete(inbox)
    for (let messages = await kept.load(name, undefined, WINDOW); messages.length > 0; messages = await kept.load(name, undefined, WINDOW)) {
      for (const held of messages) ways.giveUp(this.#addressed(held, name), 'AGENT_NOT_FOUND')
      this.#waiting -= messages.length
      await new Promise<void>((resolve, reject) => {
        journal.write(messages.map(({ key }) => ({ delete: INBOX, key })), error => error === undefined ? resolve() : reject(error))
      })
    }
  }

  #inbox (name: string): DurableInbox {
    const known = this.#inboxes.get(name)
    if (known !== undefined) return known
    const inbox = new DurableInbox(name, this.#room)
    this.#inboxes.set(name, inbox)
    return inbox
  }

  #arrived (number: number): OnTheWay | undefined {
    const entry = this.#onTheWay.get(number)
    if (entry === undefined) return undefined
    this.#onTheWay.delete(number)
    this.#counts.set(entry.inbox, (this.#counts.get(entry.inbox) ?? 1) - 1)
    return entry
  }

  #pump (inbox: DurableInbox): void {
    const { directory, routes } = this.parts
    const address = directory.address(inbox.name)
    if (this.#stopped || address === undefined || routes.condition(address.handle) !== CONDITION.running) return
    while ((this.#counts.get(inbox) ?? 0) < WINDOW) {
      const held = this.#mayGo(inbox) ? inbox.next() : undefined
      if (held === undefined) break
      const refusal = this.#send(inbox, held, address.handle)
      if (refusal === undefined) continue
      this.#later(PAUSE, inbox, held)
      break
    }
    this.#refill(inbox)
    if (inbox.isEmpty) {
      this.#inboxes.delete(inbox.name)
      this.#counts.delete(inbox)
    }
  }

  /**
   * An exactly-once message that failed goes alone: what else its receiver does meanwhile would be undone with it, again and again.
   */
  #mayGo (inbox: DurableInbox): boolean {
    const onTheWay = this.#counts.get(inbox) ?? 0
    if (onTheWay === 0) return true
    return !inbox.isAlone && !isToGoAlone(inbox.peek())
  }

  #refill (inbox: DurableInbox): void {
    const { kept, log } = this.parts
    inbox.refill((after, most) => kept.load(inbox.name, after, most)).then(
      came => { if (came && this.#inboxes.get(inbox.name) === inbox) this.#pump(inbox) },
      (error: unknown) => {
        log.error('durable messages could not be read', { agent: inbox.name, cause: String(error) })
        this.#later(PAUSE, inbox, undefined)
      })
  }

  #send (inbox: DurableInbox, held: Held, handle: number): Undeliverable | undefined {
    const { routes, writers, ways } = this.parts
    this.#number = this.#number % 0xffffffff + 1
    const frame = this.#addressed(held, inbox.name)
    viewOf(frame).setUint32(FRAME.sequence, this.#number, true)
    const place = routes.place(handle)
    const refusal = ways.forward(frame)
    if (refusal !== undefined) return refusal
    this.#onTheWay.set(this.#number, { inbox, held, place, mark: writers[place]?.mark ?? 0 })
    this.#counts.set(inbox, (this.#counts.get(inbox) ?? 0) + 1)
    inbox.isAlone = isToGoAlone(held)
    return undefined
  }

  /** Handles are those of today, whatever they were when the message was kept. */
  #addressed (held: Held, receiver: string): Uint8Array {
    const { directory } = this.parts
    const view = viewOf(held.frame)
    const nobody = { handle: 0, generation: 0 }
    const to = directory.address(receiver) ?? nobody
    const from = directory.senderAddress(held.sender) ?? nobody
    view.setUint32(FRAME.receiver, to.handle, true)
    view.setUint32(FRAME.receiverGeneration, to.generation, true)
    view.setUint32(FRAME.sender, from.handle, true)
    view.setUint32(FRAME.senderGeneration, from.generation, true)
    if (held.redelivered) view.setUint8(FRAME.flags, view.getUint8(FRAME.flags) | FRAME_FLAGS.redelivered)
    return held.frame
  }

  #finish ({ inbox, held }: OnTheWay): void {
    this.#waiting -= 1
    this.parts.journal.write([{ delete: INBOX, key: held.key }], error => {
      if (error !== undefined) this.parts.log.warn('a handled message stays in the store and may come again', { cause: error.message })
    })
    inbox.done(held)
    this.#pump(inbox)
  }

  #keepWaiting ({ inbox, held }: OnTheWay, reason: Undeliverable): void {
    if (reason === 'SHARD_LOST' || reason === 'AGENT_RESTARTED') held.redelivered = true
    this.#later(PAUSE, inbox, held)
  }

  #failed (entry: OnTheWay, reason: Undeliverable): void {
    const { retries, random, journal, kept, ways } = this.parts
    const { inbox, held } = entry
    held.attempts += 1
    held.redelivered = true
    if (held.attempts > retries.retries || HOPELESS.has(reason)) {
      ways.giveUp(this.#addressed(held, inbox.name), reason)
      this.#finish(entry)
      return
    }
    this.retried += 1
    // Whether or not it can be written down: a retry does not wait for it.
    journal.write([kept.noting(held)], () => {})
    this.#later(retryDelay(retries, held.attempts, random), inbox, held)
  }

  #later (milliseconds: number, inbox: DurableInbox, held: Held | undefined): void {
    if (this.#stopped) return
    const timer = this.parts.clock.after(milliseconds, () => {
      this.#timers.delete(timer)
      if (held !== undefined) inbox.release(held)
      if (this.#inboxes.get(inbox.name) === inbox) this.#pump(inbox)
    })
    this.#timers.add(timer)
  }
}

const isToGoAlone = (held: Held | undefined): boolean =>
  held !== undefined && held.attempts > 0 && held.frame[FRAME.delivery] === EXACTLY_ONCE

const viewOf = (frame: Uint8Array): DataView => new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
