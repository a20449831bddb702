import type { Address } from '../network/network.js'

/** What is done with the answers to one ping. */
export interface Awaited {
  acked (from: Address, payload: Uint8Array): void
  nacked? (): void
}

/** Pings whose answers are awaited, by their sequence number. */
export class AckBook {
  readonly #awaited = new Map<number, Awaited>()
  #last: number

  constructor (first: number) {
    this.#last = first >>> 0
  }

  /** Sequence number of a new ping. Whoever expects answers forgets it in time. */
  expect (awaited: Awaited): number {
    this.#last = (this.#last + 1) >>> 0
    this.#awaited.set(this.#last, awaited)
    return this.#last
  }

  forget (sequence: number): void {
    this.#awaited.delete(sequence)
  }

  ack (sequence: number, from: Address, payload: Uint8Array): void {
    const awaited = this.#awaited.get(sequence)
    this.#awaited.delete(sequence)
    awaited?.acked(from, payload)
  }

  nack (sequence: number): void {
    this.#awaited.get(sequence)?.nacked?.()
  }
}
