import type { Address } from '../frames/frame.js'

/** Two versions of an agent that share its name for a while, as main tells the threads. */
export interface NameSplit {
  readonly name: string
  readonly first: Address
  readonly second: Address
  /** How much of what begins goes to the second, in percent. */
  readonly share: number
}

/** The same within one thread, which shares out what begins there. */
export class SharedName {
  #credit = 0

  constructor (readonly split: NameSplit) {}

  /** Who gets the next conversation: over any hundred, exactly the share goes to the second. */
  next (): Address {
    const { first, second, share } = this.split
    this.#credit += share
    if (this.#credit < 100) return first
    this.#credit -= 100
    return second
  }

  /** Who gets what has the number: always the same for the same number. */
  ofNumber (number: number): Address {
    const { first, second, share } = this.split
    // Consecutive numbers are spread over all hundred places.
    return (Math.imul(number, 0x9e3779b1) >>> 0) / 0x1_0000_0000 * 100 < share ? second : first
  }

  /** The other version of one of the two; undefined when the handle is neither's. */
  otherOf (handle: number): Address | undefined {
    const { first, second } = this.split
    if (handle === first.handle) return second
    return handle === second.handle ? first : undefined
  }
}
