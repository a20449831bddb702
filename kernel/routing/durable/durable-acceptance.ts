import { FRAME, type Change } from '../../contract/index.js'
import type { Directory } from '../directory/directory.js'
import { conversationOf, viewOf } from '../frames/frame.js'
import type { Undeliverable } from '../undeliverable.js'
import type { DeliveryKeys, KnownKey } from './delivery-keys.js'
import type { DurableDelivery } from './durable-delivery.js'
import type { DurableJournal } from './durable-journal.js'
import type { DurableWays } from './durable-ways.js'
import type { KeptMessages } from './kept-messages.js'

/** What became of a message that is to be kept: undefined once it is durable, or why it is not. */
export type Acceptance = Undeliverable | undefined

/** A message that is being kept. */
export interface Keeping {
  readonly changes: readonly Change[]
  /** To be called when it is clear whether the changes were kept: then the message goes on its way, or is forgotten. */
  readonly settled: (isKept: boolean) => void
}

/** What {@link DurableAcceptance} works with. */
export interface AcceptanceParts {
  readonly kept: KeptMessages
  readonly keys: DeliveryKeys
  readonly journal: DurableJournal
  readonly ways: DurableWays
  readonly directory: Directory
  readonly delivery: DurableDelivery
}

/** Takes messages in that must not be lost, each once if it has a delivery key. Main thread only. */
export class DurableAcceptance {
  /** Messages that were known by their keys since the start. */
  duplicates = 0

  constructor (private readonly parts: AcceptanceParts) {}

  /**
   * Keeps a stamped frame for its receiver. Resolves when it is durable: from then on it is not lost. When it could not be kept, its
   * sender is told.
   */
  accept (frame: Uint8Array): Promise<Acceptance> {
    const { directory, journal } = this.parts
    const view = viewOf(frame)
    const receiver = directory.name(view.getUint32(FRAME.receiver, true))
    if (receiver === undefined || this.parts.delivery.isLeaving(receiver)) return this.#refuse(frame, 'AGENT_NOT_FOUND')
    if (journal.isFull) return this.#refuse(frame, 'TOO_MANY_DURABLE')
    const sender = directory.name(view.getUint32(FRAME.sender, true)) ?? ''
    const keeping = this.keeping(frame, receiver, sender)
    if (!('changes' in keeping)) return this.#again(frame, keeping)
    return new Promise(resolve => {
      journal.write(keeping.changes, error => {
        keeping.settled(error === undefined)
        resolve(error === undefined ? undefined : this.#refuse(frame, 'MESSAGE_NOT_KEPT'))
      })
    })
  }

  /** What keeps a message, or the one that came before it under its key. */
  keeping (frame: Uint8Array, receiver: string, sender: string): Keeping | KnownKey {
    const { kept, keys, delivery } = this.parts
    const id = keys.idOf(frame, receiver, sender)
    const known = id === undefined ? undefined : keys.find(id)
    if (known !== undefined) return known
    const key = id === undefined ? undefined : keys.remember(id, conversationOf(frame))
    const { held, change } = kept.keeping(receiver, { sender, attempts: 0, frame })
    return {
      changes: [change, ...key?.changes ?? []],
      settled: isKept => {
        key?.settled(isKept)
        if (isKept) delivery.take(receiver, held)
      },
    }
  }

  /** Its sender repeats itself, unless the first message turns out not to be kept. */
  async #again (frame: Uint8Array, { isKept, conversation }: KnownKey): Promise<Acceptance> {
    if (!await isKept) return this.accept(frame)
    this.duplicates += 1
    this.parts.ways.duplicate(frame, conversation)
    return 'MESSAGE_DUPLICATE'
  }

  #refuse (frame: Uint8Array, reason: Undeliverable): Promise<Acceptance> {
    this.parts.ways.giveUp(frame, reason)
    return Promise.resolve(reason)
  }
}
