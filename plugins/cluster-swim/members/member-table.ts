import type { Random } from '../../../kernel/contract/index.js'
import { isSameAddress, type Address } from '../network/network.js'
import { mix } from './fingerprint.js'
import type { MemberRecord } from './member-record.js'

/** Most nodes that are known at a time, the dead that are not forgotten yet included. */
export const MOST_MEMBERS = 65_536

/** Every node that is known, this one included, and the order in which they are probed. */
export class MemberTable {
  readonly #records = new Map<string, MemberRecord>()
  #order: MemberRecord[] = []
  #next = 0
  #digest: readonly [number, number] | undefined

  constructor (private readonly random: Random) {}

  get size (): number {
    return this.#records.size
  }

  get (name: string): MemberRecord | undefined {
    return this.#records.get(name)
  }

  all (): Iterable<MemberRecord> {
    return this.#records.values()
  }

  at (address: Address): MemberRecord | undefined {
    for (const record of this.#records.values()) if (isSameAddress(record, address)) return record
    return undefined
  }

  /**
   * Says in 64 bits who runs, and with which incarnation: two nodes that give the same need not compare their tables. The dead are left
   * out: they are forgotten at different times.
   */
  get digest (): readonly [number, number] {
    if (this.#digest !== undefined) return this.#digest
    let [high, low] = [0, 0]
    for (const { isUp, nameHash, incarnation } of this.#records.values()) {
      if (!isUp) continue
      high ^= mix(nameHash ^ mix(incarnation))
      low ^= mix(nameHash + incarnation)
    }
    this.#digest = [high >>> 0, low >>> 0]
    return this.#digest
  }

  /** A record's state or incarnation is another one. */
  noteChange (): void {
    this.#digest = undefined
  }

  add (record: MemberRecord): void {
    this.#records.set(record.name, record)
    this.#digest = undefined
    // Anywhere in the order, so that those who came together are not probed one after the other.
    const place = Math.floor(this.random.fraction() * (this.#order.length + 1))
    const last = this.#order[place]
    if (last === undefined) this.#order.push(record)
    else {
      this.#order[place] = record
      this.#order.push(last)
    }
  }

  delete (name: string): void {
    this.#records.delete(name)
    this.#digest = undefined
    this.#order = this.#order.filter(record => record.name !== name)
  }

  count (fits: (record: MemberRecord) => boolean): number {
    let count = 0
    for (const record of this.#records.values()) if (fits(record)) count += 1
    return count
  }

  /** Up to `most` different ones, by chance. */
  pick (most: number, fits: (record: MemberRecord) => boolean): MemberRecord[] {
    const found = [...this.#records.values()].filter(fits)
    const picked: MemberRecord[] = []
    while (picked.length < most && found.length > 0) {
      const at = Math.floor(this.random.fraction() * found.length)
      const last = found.pop()
      const chosen = found[at]
      if (last === undefined) break
      if (chosen === undefined) picked.push(last)
      else {
        picked.push(chosen)
        found[at] = last
      }
    }
    return picked
  }

  /** The next one to probe: each once in a round, every round in another order. */
  nextToProbe (fits: (record: MemberRecord) => boolean): MemberRecord | undefined {
    for (let looked = 0; looked <= this.#order.length; looked++) {
      if (this.#next >= this.#order.length) this.#shuffle()
      const record = this.#order[this.#next++]
      if (record !== undefined && fits(record)) return record
    }
    return undefined
  }

  #shuffle (): void {
    this.#next = 0
    for (let at = this.#order.length - 1; at > 0; at--) {
      const other = Math.floor(this.random.fraction() * (at + 1))
      const [one, two] = [this.#order[at], this.#order[other]]
      if (one === undefined || two === undefined) continue
      this.#order[at] = two
      this.#order[other] = one
    }
  }
}
