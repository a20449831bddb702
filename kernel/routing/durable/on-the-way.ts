import type { DurableInbox, Held } from './durable-inbox.js'

/** A message that was handed to its receiver's thread and is not settled yet. */
export interface Sent {
  readonly inbox: DurableInbox
  readonly held: Held
  /** Number of the thread, and the mark of the ring to it when the message was handed over. */
  readonly place: number
  readonly mark: number
  /** That it was handled is being committed: until that is settled it does not come back, whatever becomes of its thread. */
  isCommitting?: boolean
}

/** The durable messages that are on their way, by delivery number, and how many there are for each receiver. */
export class OnTheWay {
  readonly #sent = new Map<number, Sent>()
  readonly #counts = new Map<DurableInbox, number>()
  #number = 0

  /** A number that nothing on its way has: 32 bits, none of them 0 alone. */
  next (): number {
    do this.#number = this.#number % 0xffffffff + 1
    while (this.#sent.has(this.#number))
    return this.#number
  }

  add (number: number, sent: Sent): void {
    this.#sent.set(number, sent)
    this.#counts.set(sent.inbox, this.count(sent.inbox) + 1)
  }

  find (number: number): Sent | undefined {
    return this.#sent.get(number)
  }

  /** It has arrived, or come back. */
  take (number: number): Sent | undefined {
    const sent = this.#sent.get(number)
    if (sent === undefined) return undefined
    this.#sent.delete(number)
    const left = this.count(sent.inbox) - 1
    if (left > 0) this.#counts.set(sent.inbox, left)
    else this.#counts.delete(sent.inbox)
    return sent
  }

  count (inbox: DurableInbox): number {
    return this.#counts.get(inbox) ?? 0
  }

  forget (inbox: DurableInbox): void {
    for (const [number, sent] of this.#sent) if (sent.inbox === inbox) this.#sent.delete(number)
    this.#counts.delete(inbox)
  }

  /** Numbers of what was handed to a thread, but for what is being committed. */
  to (place: number): ReadonlyArray<readonly [number: number, sent: Sent]> {
    return [...this.#sent].filter(([, sent]) => sent.place === place && sent.isCommitting !== true)
  }
}
