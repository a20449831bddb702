import { FRAME, type Change, type Range, type Store } from '../../contract/index.js'
import type { Held } from './durable-inbox.js'
import { decodeKept, encodeKept, keptFor, keptKey, readKey, type KeptMessage } from './kept-message.js'

/** The collection of durable messages, by receiver and order of acceptance. */
export const INBOX = 'inbox'

/** Durable messages in the node's store. */
export class KeptMessages {
  #serial = 0

  constructor (private readonly store: Store) {}

  /** A new message's place, and the change that keeps it. */
  keeping (receiver: string, message: KeptMessage): { readonly held: Held, readonly change: Change } {
    this.#serial += 1
    const key = keptKey(receiver, this.#serial)
    return { held: heldOf(key, message), change: { put: INBOX, key, value: encodeKept(message) } }
  }

  /** Writes down how often a message was tried. */
  noting ({ key, sender, attempts, frame }: Held): Change {
    return { put: INBOX, key, value: encodeKept({ sender, attempts, frame }) }
  }

  /** At most so many messages for a receiver behind the key `after`, in order. Those nobody can read are left out. */
  async load (receiver: string, after: string | undefined, most: number): Promise<Held[]> {
    const loaded: Held[] = []
    for await (const { key, value } of this.store.scan(INBOX, keptFor(receiver, after))) {
      if (loaded.length === most) break
      const kept = decodeKept(value)
      // What an earlier process left may have been handled just before it ended.
      if (kept !== undefined) loaded.push({ ...heldOf(key, kept), redelivered: true })
    }
    return loaded
  }

  /** Receivers that have messages in the store; afterwards new ones stand behind them. Looks once at each receiver. */
  async receivers (): Promise<string[]> {
    const names: string[] = []
    for (let from: string | undefined = ''; from !== undefined;) {
      const first = await this.#one({ from, limit: 1 })
      if (first === undefined) break
      const { receiver } = readKey(first)
      const range = keptFor(receiver)
      const last = await this.#one({ ...range, reverse: true, limit: 1 })
      this.#serial = Math.max(this.#serial, readKey(last ?? first).serial)
      names.push(receiver)
      from = range.to
    }
    return names
  }

  count (): Promise<number> {
    return this.store.count(INBOX)
  }

  /** How many there are for a receiver, those included that nobody can read. */
  async countFor (receiver: string): Promise<number> {
    let count = 0
    for await (const _ of this.store.scan(INBOX, keptFor(receiver))) count += 1
    return count
  }

  async #one (range: Range): Promise<string | undefined> {
    for await (const { key } of this.store.scan(INBOX, range)) return key
    return undefined
  }
}

/** DESIGN §4: order holds per conversation, sender and receiver; without a conversation per sender and receiver. */
function heldOf (key: string, { sender, attempts, frame }: KeptMessage): Held {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const low = view.getUint32(FRAME.conversation, true)
  const high = view.getUint32(FRAME.conversation + 4, true)
  return { key, sender, frame, flow: `${low} ${high} ${sender}`, attempts, redelivered: attempts > 0 }
}
