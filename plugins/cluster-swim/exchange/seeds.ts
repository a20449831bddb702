import type { Clock } from '../../../kernel/contract/index.js'
import { isSameAddress, type Address } from '../network/network.js'
import { addressesOf, type NameLookup } from './seed-names.js'

/** How long the addresses of a name are taken for right. */
const FRESH = 10_000
/** Addresses that are remembered: a name may have others every day. */
const REMEMBERED = 256

interface Looked {
  readonly at: number
  readonly addresses: readonly Address[]
}

/** The configured seeds and their addresses. */
export class Seeds {
  readonly #looked = new Map<string, Looked>()
  readonly #met: Address[] = []

  constructor (
    private readonly seeds: readonly string[],
    private readonly port: number,
    private readonly lookup: NameLookup,
    private readonly clock: Clock,
  ) {}

  get isEmpty (): boolean {
    return this.seeds.length === 0
  }

  /** This address answered as a seed. */
  met (address: Address): void {
    if (this.#met.some(known => isSameAddress(known, address))) return
    if (this.#met.push(address) > REMEMBERED) this.#met.shift()
  }

  /**
   * Addresses at which nobody is known to run. `isUp` says so of an address; `isAlone`: nobody else runs, so that those who once
   * answered under an address of their own count as missing too.
   */
  async missing (isUp: (address: Address) => boolean, isAlone: boolean): Promise<readonly Address[]> {
    const found = await Promise.allSettled(this.seeds.map(seed => this.#addresses(seed)))
    const addresses = found.flatMap(result => result.status === 'fulfilled' ? result.value : [])
    const [failed] = found.flatMap(result => result.status === 'rejected' ? [result] : [])
    if (addresses.length === 0 && failed !== undefined) throw failed.reason
    return addresses.filter(address => !isUp(address) && (isAlone || !this.#met.some(known => isSameAddress(known, address))))
  }

  async #addresses (seed: string): Promise<readonly Address[]> {
    const known = this.#looked.get(seed)
    if (known !== undefined && this.clock.elapsed() - known.at < FRESH) return known.addresses
    const addresses = await addressesOf(seed, this.port, this.lookup)
    this.#looked.set(seed, { at: this.clock.elapsed(), addresses })
    return addresses
  }
}
