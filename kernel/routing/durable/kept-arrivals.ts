import { FRAME, FRAME_FLAGS } from '../../contract/index.js'
import { conversationOf } from '../frames/frame.js'
import type { DurableArrivals } from '../remote/remote-post-parts.js'
import { UNDELIVERABLE, type Undeliverable } from '../undeliverable.js'
import type { DeliveryKeys } from './delivery-keys.js'
import type { DoneNotices } from './done-notices.js'
import type { DurableDelivery } from './durable-delivery.js'
import type { DurableJournal } from './durable-journal.js'
import type { KeptMessages } from './kept-messages.js'

/** What {@link KeptArrivals} work with. */
export interface ArrivalParts {
  readonly kept: KeptMessages
  readonly keys: DeliveryKeys
  readonly journal: DurableJournal
  readonly delivery: DurableDelivery
  readonly notices: DoneNotices
}

type Settled = (outcome: number) => void

const HANDLED = -1
const GIVEN_UP = -2

/**
 * Keeps durable messages that came from other nodes, each once however often it comes. The node that it came from keeps it, too, until it
 * is handled here: should this node die, it goes from there to whoever has the agent then.
 */
export class KeptArrivals implements DurableArrivals {
  /** Key in the store of what is here and not handled yet, by the id of the message. */
  readonly #pending = new Map<string, string>()

  constructor (private readonly parts: ArrivalParts) {}

  arrive (frame: Uint8Array, receiver: string, sender: string, settled: Settled): void {
    const { keys, journal, delivery, notices } = this.parts
    const refuse = (reason: Undeliverable): void => settled(UNDELIVERABLE.indexOf(reason))
    if (delivery.isLeaving(receiver)) return refuse('AGENT_NOT_FOUND')
    if (journal.isFull) return refuse('TOO_MANY_DURABLE')
    const id = keys.idOfMessage(frame, receiver)
    const pending = this.#pending.get(id)
    if (pending !== undefined) return notices.when(pending, isHandled => this.#done(id, isHandled, settled))
    // Whoever sent it may have died before it heard that it was handled; a receipt would come twice.
    const known = keys.find(id)
    if (known !== undefined) {
      void known.isKept.then(isKept => isKept ? settled(GIVEN_UP) : refuse('MESSAGE_NOT_KEPT'))
      return
    }
    this.#keep(id, frame, receiver, sender, settled)
  }

  #keep (id: string, frame: Uint8Array, receiver: string, sender: string, settled: Settled): void {
    const { kept, keys, journal, delivery, notices } = this.parts
    // Its sender hears what becomes of it from the node that keeps it there.
    frame[FRAME.flags] = (frame[FRAME.flags] ?? 0) & ~FRAME_FLAGS.receipt
    const remembering = keys.remember(id, conversationOf(frame))
    const { held, change } = kept.keeping(receiver, { sender, attempts: 0, frame })
    this.#pending.set(id, held.key)
    notices.when(held.key, isHandled => this.#done(id, isHandled, settled))
    journal.write([change, ...remembering.changes], error => {
      remembering.settled(error === undefined)
      if (error === undefined) delivery.take(receiver, held)
      else {
        this.#pending.delete(id)
        notices.forget(held.key)
        settled(UNDELIVERABLE.indexOf('MESSAGE_NOT_KEPT'))
      }
    })
  }

  #done (id: string, isHandled: boolean, settled: Settled): void {
    this.#pending.delete(id)
    settled(isHandled ? HANDLED : GIVEN_UP)
  }
}
