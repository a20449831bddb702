import { PairTable } from './pair-table.js'

/** Which open conversation has which id, and which id comes next. An id is two 32-bit words. */
export class ConversationIds {
  readonly #table = new PairTable()
  #counter = 0

  /** @param count How many ids there are until they begin anew: at most 2³², and more than conversations are open at a time. */
  constructor (private readonly count: number) {}

  /** The open conversation with the id, or -1. */
  find (low: number, high: number): number {
    return this.#table.get(low, high)
  }

  /** Gives a conversation the next id with this upper word; answers the lower one. */
  give (conversation: number, high: number): number {
    // The ids of conversations that are still open are passed over when the count begins anew.
    while (!this.#table.add(this.#next(high), high, conversation)) { /* The next one. */ }
    return this.#counter
  }

  /** Gives a conversation this id, which nobody else has. */
  giveAgain (conversation: number, low: number, high: number): void {
    this.#table.add(low, high, conversation)
  }

  /** Nobody has the id any more. */
  takeBack (low: number, high: number): void {
    this.#table.delete(low, high)
  }

  #next (high: number): number {
    const next = this.#counter + 1
    const isFirst = next === this.count
    // A whole id is never 0.
    this.#counter = !isFirst ? next : high === 0 ? 1 : 0
    return this.#counter
  }
}
