import { FRAME, type Change, type Store } from '../../contract/index.js'
import type { ConversationStates, JointStates } from '../conversations/conversation-keeper.js'
import type { Directory } from '../directory/directory.js'
import { viewOf } from '../frames/frame.js'
import type { DurableAcceptance, Keeping } from './durable-acceptance.js'
import type { DurableDelivery } from './durable-delivery.js'
import type { DurableWays } from './durable-ways.js'
import type { DurableJournal } from './durable-journal.js'
import { INBOX } from './kept-messages.js'
import { UNDELIVERABLE } from '../undeliverable.js'

const AGENT_RESTARTED = UNDELIVERABLE.indexOf('AGENT_RESTARTED')

/** Timers that were set while an exactly-once message was handled, by agent and number. */
export const TIMERS = 'timers'

/** What an agent did while it handled exactly-once messages: all of it happens, or nothing. */
export interface Work {
  readonly handle: number
  readonly generation: number
  /** Delivery numbers of the messages. */
  readonly numbers: readonly number[]
  /** Stamped durable frames that it sent. */
  readonly frames: readonly Uint8Array[]
  /** Number and wall-clock time of each timer that changed; 0: it is gone. */
  readonly timers: ReadonlyArray<readonly [id: number, due: number]>
  /** What it saves, if it does. */
  readonly state: Uint8Array | undefined
  /** The conversations that the messages and the frames belong to, as they are after them. */
  readonly conversations: ConversationStates
}

/** What becomes of the frames of a piece of work: kept with it, or known by their keys. */
interface Sending {
  readonly keepings: Keeping[]
  readonly again: Uint8Array[]
}

/** What {@link DurableWorks} works with. */
export interface WorksParts {
  readonly directory: Directory
  readonly delivery: DurableDelivery
  readonly journal: DurableJournal
  readonly acceptance: DurableAcceptance
  readonly ways: DurableWays
  /** The change that keeps an agent's state. */
  readonly stateChange: (name: string, state: Uint8Array) => Change
  /** The changes that keep the states of conversations. */
  readonly conversations: (states: ConversationStates) => JointStates
  /** An agent's work was kept. */
  readonly worked: (work: Work) => void
}

/**
 * Commits what agents did for exactly-once messages: one transaction holds the end of the messages, every durable frame that was sent
 * meanwhile, timers, saved state, and the conversations' steps. Main thread only.
 */
export class DurableWorks {
  constructor (private readonly parts: WorksParts) {}

  /** `settled` is told whether it happened. Work on messages that are not on their way to the agent does not. */
  commit (work: Work, settled: (committed: boolean) => void): void {
    const { directory, delivery, acceptance, journal, stateChange, conversations, worked } = this.parts
    const name = directory.name(work.handle)
    const isCurrent = name !== undefined && directory.owns(name, work)
    const handled = work.numbers.flatMap(number => name === undefined ? [] : delivery.sentTo(number, name) ?? [])
    if (!isCurrent || handled.length < work.numbers.length) {
      settled(false)
      this.#comeAgain(name, work)
      return
    }
    const sent: Sending = { keepings: [], again: [] }
    for (const frame of work.frames) this.#keep(name, frame, sent)
    const changes: Change[] = [
      ...handled.map(({ held: { key } }) => ({ delete: INBOX, key })), ...sent.keepings.flatMap(keeping => keeping.changes),
    ]
    // Of two versions side by side, the store keeps the state of the one that comes back after a restart.
    if (directory.address(name)?.handle === work.handle) {
      for (const [id, due] of work.timers) changes.push(timerChange(name, id, due))
      if (work.state !== undefined) changes.push(stateChange(name, work.state))
    }
    const states = conversations(work.conversations)
    changes.push(...states.changes)
    for (const sent of handled) sent.isCommitting = true
    journal.write(changes, error => {
      settled(error === undefined)
      states.settled(error === undefined)
      if (error === undefined) {
        worked(work)
        for (const number of work.numbers) delivery.handled(number)
      } else this.#comeAgain(name, work)
      for (const keeping of sent.keepings) keeping.settled(error === undefined)
      if (error === undefined) for (const frame of sent.again) void acceptance.accept(frame)
    })
  }

  /** The messages of work that did not happen. The thread that did it may be gone by now, and can't say so. */
  #comeAgain (name: string | undefined, { numbers }: Work): void {
    const { delivery } = this.parts
    for (const number of numbers) {
      if (name !== undefined && delivery.sentTo(number, name) !== undefined) delivery.settle(number, AGENT_RESTARTED)
    }
  }

  #keep (sender: string, frame: Uint8Array, { keepings, again }: Sending): void {
    const { directory, delivery, acceptance, ways } = this.parts
    const receiver = directory.name(viewOf(frame).getUint32(FRAME.receiver, true))
    if (receiver === undefined || delivery.isLeaving(receiver)) {
      ways.giveUp(frame, 'AGENT_NOT_FOUND')
      return
    }
    const keeping = acceptance.keeping(frame, receiver, sender)
    if ('changes' in keeping) keepings.push(keeping)
    else again.push(frame)
  }
}

/** Number and wall-clock time of the kept timers of every agent, by its name. */
export async function keptTimers (store: Store): Promise<Map<string, Map<number, number>>> {
  const all = new Map<string, Map<number, number>>()
  for await (const { key, value } of store.scan(TIMERS)) {
    const end = key.lastIndexOf('/')
    const name = key.slice(0, end)
    const timers = all.get(name) ?? new Map<number, number>()
    all.set(name, timers.set(Number(key.slice(end + 1)), new DataView(value.buffer, value.byteOffset).getFloat64(0)))
  }
  return all
}

/** The change that keeps a timer of an agent; `due`: wall-clock time, 0: it is gone. */
export function timerChange (name: string, id: number, due: number): Change {
  const key = `${name}/${id}`
  if (due === 0) return { delete: TIMERS, key }
  const value = new Uint8Array(8)
  new DataView(value.buffer).setFloat64(0, due)
  return { put: TIMERS, key, value }
}
