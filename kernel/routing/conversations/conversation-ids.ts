import type { OpenConversation } from './open-conversation.js'

const LEAST_PLACES = 64

/**
 * Which open conversation has which id, and which id comes next. An id is two signed 32-bit words. Places of a hash table, whose
 * conversations are linked: neither looking up nor changing makes garbage, but for growing.
 */
export class ConversationIds {
  #places: Array<OpenConversation | undefined> = Array.from({ length: LEAST_PLACES })
  #mask = LEAST_PLACES - 1
  #size = 0
  #counter = 0

  /** @param count How many ids there are until they begin anew: at most 2³², and more than conversations are open at a time. */
  constructor (private readonly count: number) {}

  /** The open conversation with the id. */
  find (low: number, high: number): OpenConversation | undefined {
    let found = this.#places[this.#place(low, high)]
    while (found !== undefined && (found.low !== low || found.high !== high)) found = found.nextInPlace
    return found
  }

  /** Gives a conversation the next id with this upper word. */
  give (conversation: OpenConversation, high: number): void {
    let low = this.#next(high)
    // The ids of conversations that are still open are passed over when the count begins anew.
    while (this.find(low, high) !== undefined) low = this.#next(high)
    this.giveAgain(conversation, low, high)
  }

  /** Gives a conversation this id, which nobody else has. */
  giveAgain (conversation: OpenConversation, low: number, high: number): void {
    if (this.#size > this.#mask) this.#grow()
    this.#size += 1
    conversation.low = low
    conversation.high = high
    this.#put(conversation)
  }

  /** Nobody has the conversation's id any more. */
  takeBack (conversation: OpenConversation): void {
    const place = this.#place(conversation.low, conversation.high)
    let before = this.#places[place]
    if (before === conversation) {
      this.#places[place] = conversation.nextInPlace
    } else {
      while (before !== undefined && before.nextInPlace !== conversation) before = before.nextInPlace
      if (before === undefined) return
      before.nextInPlace = conversation.nextInPlace
    }
    conversation.nextInPlace = undefined
    this.#size -= 1
  }

  #next (high: number): number {
    const next = this.#counter + 1
    const isFirst = next === this.count
    // A whole id is never 0.
    this.#counter = !isFirst ? next : high === 0 ? 1 : 0
    return this.#counter | 0
  }

  /** New ids come one after the other, so they spread by themselves. */
  #place (low: number, high: number): number {
    return (low ^ Math.imul(high, 0x85ebca6b)) & this.#mask
  }

  #put (conversation: OpenConversation): void {
    const place = this.#place(conversation.low, conversation.high)
    conversation.nextInPlace = this.#places[place]
    this.#places[place] = conversation
  }

  #grow (): void {
    const before = this.#places
    this.#places = Array.from({ length: before.length * 2 })
    this.#mask = this.#places.length - 1
    for (const first of before) {
      for (let each = first; each !== undefined;) {
        const next = each.nextInPlace
        this.#put(each)
        each = next
      }
    }
  }
}
