import type { GuestLimits } from '../../kernel/contract/in-shard.js'

/** The limits of a guest as they are needed at every entry. */
export interface GuestTerms {
  readonly memoryBytes: number
  readonly messageBytes: number
  /** Work units. */
  readonly perMessage: bigint
  readonly perStart: bigint
}

/** Terms by limits: guests with the same limits share them. */
export class TermsTable {
  readonly #terms = new WeakMap<GuestLimits, GuestTerms>()

  of (limits: GuestLimits): GuestTerms {
    const known = this.#terms.get(limits)
    if (known !== undefined) return known
    const { memoryBytes, messageBytes, fuelPerMessage, fuelPerStart } = limits
    const terms = { memoryBytes, messageBytes, perMessage: BigInt(fuelPerMessage), perStart: BigInt(fuelPerStart) }
    this.#terms.set(limits, terms)
    return terms
  }
}
