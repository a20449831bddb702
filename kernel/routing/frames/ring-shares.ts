import { HANDLES } from '../directory/route-table.js'

/** Frames that one sender may put into rings while they are crowded. */
export const SHARE = 64

/**
 * Keeps one busy sender from taking all the room in a ring from its neighbours: as long as rings are crowded, each
 * sender has a share of its own. Shares are given anew when no ring was crowded for a send. One per thread.
 */
export class RingShares {
  #rounds: Uint32Array | undefined
  #counts = new Uint8Array(0)
  #round = 1
  #wasCrowded = false

  /** Whether a sender may put one more frame into a ring. */
  take (sender: number, isCrowded: boolean): boolean {
    if (!isCrowded) {
      if (this.#wasCrowded) this.#round += 1
      this.#wasCrowded = false
      return true
    }
    this.#wasCrowded = true
    const rounds = this.#rounds ??= this.#begin()
    if (rounds[sender] !== this.#round) {
      rounds[sender] = this.#round
      this.#counts[sender] = 0
    }
    const count = this.#counts[sender] ?? 0
    if (count >= SHARE) return false
    this.#counts[sender] = count + 1
    return true
  }

  #begin (): Uint32Array {
    this.#counts = new Uint8Array(HANDLES)
    return new Uint32Array(HANDLES)
  }
}
