import { FRAME, type Clock, type Logger, type Random, type Timer } from '../../contract/index.js'
import type { Directory } from '../directory/directory.js'
import type { RingWriter } from '../frames/ring.js'
import { CONDITION, type RouteTable } from '../directory/route-table.js'
import { UNDELIVERABLE, type Undeliverable } from '../undeliverable.js'
import { addressedFrame } from './addressed-frame.js'
import type { DeliveryKeys } from './delivery-keys.js'
import type { DoneNotices } from './done-notices.js'
import { DurableInbox, isToGoAlone, type Held, type HeldRoom } from './durable-inbox.js'
import type { DurableJournal } from './durable-journal.js'
import type { DurableWays } from './durable-ways.js'
import { giveBack } from './given-back.js'
import { INBOX, type KeptMessages } from './kept-messages.js'
import { OnTheWay, type Sent } from './on-the-way.js'
import { consequence } from './consequence.js'
import { retryDelay, type RetryRules } from './retry-rules.js'
import { viewOf } from '../frames/frame.js'

/** Messages for one receiver that may be on their way to it at once. */
const WINDOW = 64
/** Wait before a message goes again that found no room, in milliseconds. */
const PAUSE = 20
/** Most bytes of messages in memory, of all receivers together. */
const HELD_BYTES = 64 * 1024 * 1024

/** What {@link DurableDelivery} works with. */
export interface DurableParts {
  readonly kept: KeptMessages
  readonly keys: DeliveryKeys
  readonly notices: DoneNotices
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

/**
 * Delivers messages that must not be lost: keeps each before it goes, hands it to its receiver's thread, tries again what failed, and
 * forgets it when it was handled or given up. Messages for an agent that does not run wait for it in the store. Main thread only.
 */
export class DurableDelivery {
  readonly #inboxes = new Map<string, DurableInbox>()
  readonly #onTheWay = new OnTheWay()
  readonly #timers = new Set<Timer>()
  readonly #leaving = new Set<string>()
  readonly #room: HeldRoom = { left: HELD_BYTES }
  #waiting = 0
  #stopped = false
  /** Messages that were tried again since the start. */
  retried = 0

  constructor (private readonly parts: DurableParts) {}

  /** Durable messages that are not handled yet, in memory and in the store. */
  get waiting (): number { return this.#waiting }

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

  /** Takes a message for a receiver that was just kept. Its sender hears of that before it hears what becomes of it. */
  take (receiver: string, held: Held): void {
    this.#waiting += 1
    this.parts.ways.confirm(held.frame, 'accepted')
    const inbox = this.#inbox(receiver)
    inbox.offer(held)
    this.#pump(inbox)
  }

  /** The message with this number, if it is on its way to that receiver. */
  sentTo (number: number, receiver: string): Sent | undefined {
    const sent = this.#onTheWay.find(number)
    return sent?.inbox.name === receiver ? sent : undefined
  }

  /** A thread, or node, says what became of a message. `outcome`: -1 handled, -2 answered for good, else a position in `UNDELIVERABLE`. */
  settle (number: number, outcome: number): void {
    const entry = this.#onTheWay.take(number)
    if (entry === undefined) return
    const reason = outcome < 0 ? undefined : UNDELIVERABLE[outcome] ?? 'AGENT_REJECTED'
    if (reason === undefined) {
      if (outcome === -1) this.parts.ways.confirm(entry.held.frame, 'handled')
      this.#finish(entry)
    } else if (consequence(reason) === 'wait') this.#keepWaiting(entry, reason)
    else this.#failed(entry, reason)
  }

  /** A message was handled, and the store knows it already. */
  handled (number: number): void {
    const entry = this.#onTheWay.take(number)
    if (entry === undefined) return
    this.#waiting -= 1
    this.parts.ways.confirm(entry.held.frame, 'handled')
    this.parts.notices.tell(entry.held.key, true)
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
    for (const [number, { mark }] of this.#onTheWay.to(place)) {
      if (writer?.hasTaken(mark) !== false) this.settle(number, UNDELIVERABLE.indexOf('SHARD_LOST'))
    }
  }

  /**
   * An agent is removed: what was kept for it goes back to the senders. Called while its name is still known; nothing more is taken for it
   * until {@link abandoned}.
   */
  async abandon (name: string): Promise<void> {
    this.#leaving.add(name)
    await this.parts.journal.flush()
    const inbox = this.#inboxes.get(name)
    if (inbox !== undefined) {
      inbox.clear()
      this.#inboxes.delete(name)
      this.#onTheWay.forget(inbox)
    }
    this.#waiting -= await giveBack(name, this.parts)
  }

  /** The agent is gone, or stays after all. */
  abandoned (name: string): void {
    this.#leaving.delete(name)
  }

  /** Whether an agent is being removed. */
  isLeaving (name: string): boolean {
    return this.#leaving.has(name)
  }

  #inbox (name: string): DurableInbox {
    const known = this.#inboxes.get(name)
    if (known !== undefined) return known
    const inbox = new DurableInbox(name, this.#room)
    this.#inboxes.set(name, inbox)
    return inbox
  }

  #pump (inbox: DurableInbox): void {
    const { directory, routes } = this.parts
    const address = directory.address(inbox.name)
    if (this.#stopped || address === undefined || routes.condition(address.handle) !== CONDITION.running) return
    while (this.#onTheWay.count(inbox) < WINDOW) {
      const held = this.#mayGo(inbox) ? inbox.next() : undefined
      if (held === undefined) break
      const refusal = this.#send(inbox, held, address.handle)
      if (refusal === undefined) continue
      this.#later(PAUSE, inbox, held)
      break
    }
    this.#refill(inbox)
    if (inbox.isEmpty) this.#inboxes.delete(inbox.name)
  }

  /** Nothing goes beside a message that goes alone. */
  #mayGo (inbox: DurableInbox): boolean {
    if (this.#onTheWay.count(inbox) === 0) return true
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
    const number = this.#onTheWay.next()
    const frame = addressedFrame(this.parts.directory, held, inbox.name)
    viewOf(frame).setUint32(FRAME.sequence, number, true)
    const place = routes.place(handle)
    const refusal = ways.forward(frame)
    if (refusal !== undefined) return refusal
    this.#onTheWay.add(number, { inbox, held, place, mark: writers[place]?.mark ?? 0 })
    inbox.isAlone = isToGoAlone(held)
    return undefined
  }

  #finish ({ inbox, held }: Sent, isGivenUp = false): void {
    const { keys, journal, notices } = this.parts
    this.#waiting -= 1
    notices.tell(held.key, !isGivenUp)
    const id = isGivenUp ? keys.idOf(held.frame, inbox.name, held.sender) : undefined
    journal.write([{ delete: INBOX, key: held.key }, ...id === undefined ? [] : [keys.forget(id)]], error => {
      if (error !== undefined) this.parts.log.warn('a handled message stays in the store and may come again', { cause: error.message })
    })
    inbox.done(held)
    this.#pump(inbox)
  }

  #keepWaiting ({ inbox, held }: Sent, reason: Undeliverable): void {
    if (reason === 'SHARD_LOST' || reason === 'AGENT_RESTARTED' || reason === 'NODE_UNREACHABLE') held.redelivered = true
    this.#later(PAUSE, inbox, held)
  }

  #failed (entry: Sent, reason: Undeliverable): void {
    const { retries, random, journal, kept, ways } = this.parts
    const { inbox, held } = entry
    held.attempts += 1
    held.redelivered = true
    if (held.attempts > retries.retries || consequence(reason) === 'give up') {
      ways.giveUp(addressedFrame(this.parts.directory, held, inbox.name), reason)
      this.#finish(entry, true)
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
