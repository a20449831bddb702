import { AddressList } from '../directory/address-list.js'
import { ByteIndex } from '../directory/byte-index.js'
import { isCapabilityName } from './capability-description.js'
import { ANY_VERSION, isWithin, versionRange, type VersionRange } from './version-range.js'

/** How one of several agents is chosen, or that all of them are meant. */
export const CHOICES = ['one', 'round', 'hash', 'all'] as const
export type Choice = typeof CHOICES[number]

/** An offer as every thread knows it. `version`: see version-range.ts. */
export type Offer = readonly [name: string, handle: number, generation: number, version: number]

/** What changed in who offers what. What is removed is gone before what is added comes. */
export interface OfferChanges {
  readonly removed: ReadonlyArray<readonly [name: string, handle: number]>
  readonly added: readonly Offer[]
}

/** A capability as messages name it, with the agents that offer it at present. */
export interface CapabilityQuery {
  readonly choice: Choice
  readonly name: string
  readonly range: VersionRange
  readonly members: AddressList
  /** Where the next choice begins. */
  cursor: number
}

/** Most capabilities, in the words of messages, of which the agents are kept ready. */
const QUERIES = 4_096

interface Offering {
  readonly generation: number
  readonly version: number
}

/**
 * Agents by what they offer, as one thread knows them: replicated by main, so that a look-up never leaves the thread. The
 * agents of each capability that a message has named are kept ready, and change with the table.
 */
export class CapabilityTable {
  readonly #offers = new Map<string, Map<number, Offering>>()
  readonly #index = new ByteIndex<CapabilityQuery>(QUERIES)
  readonly #queries = new Map<string, CapabilityQuery[]>()

  apply ({ removed, added }: OfferChanges): void {
    for (const [name, handle] of removed) {
      const offers = this.#offers.get(name)
      offers?.delete(handle)
      if (offers?.size === 0) this.#offers.delete(name)
      for (const { members } of this.#queries.get(name) ?? []) members.delete(handle)
    }
    for (const [name, handle, generation, version] of added) {
      const offers = this.#offers.get(name) ?? new Map<number, Offering>()
      offers.set(handle, { generation, version })
      this.#offers.set(name, offers)
      for (const { range, members } of this.#queries.get(name) ?? []) {
        if (isWithin(version, range)) members.add(handle, generation)
        else members.delete(handle)
      }
    }
  }

  /** What `<choice>:<name>[@<range>]` at `bytes[at, at + length)` means; undefined when it is malformed. */
  query (bytes: Uint8Array, at: number, length: number): CapabilityQuery | undefined {
    return this.#index.find(bytes, at, length) ?? this.#begin(bytes, at, length)
  }

  #begin (bytes: Uint8Array, at: number, length: number): CapabilityQuery | undefined {
    const query = readQuery(Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('latin1'))
    if (query === undefined) return undefined
    for (const [handle, { generation, version }] of this.#offers.get(query.name) ?? []) {
      if (isWithin(version, query.range)) query.members.add(handle, generation)
    }
    if (this.#index.add(bytes, at, length, query)) this.#queries.clear()
    const queries = this.#queries.get(query.name) ?? []
    queries.push(query)
    this.#queries.set(query.name, queries)
    return query
  }
}

/** Reads `<choice>:<name>` or `<choice>:<name>@<range>`; undefined when it is neither. */
export function readQuery (text: string): CapabilityQuery | undefined {
  const colon = text.indexOf(':')
  const choice = CHOICES.find(known => known === text.slice(0, Math.max(colon, 0)))
  const [name = '', range, ...more] = text.slice(colon + 1).split('@')
  const versions = range === undefined ? ANY_VERSION : versionRange(range)
  if (choice === undefined || versions === undefined || more.length > 0 || !isCapabilityName(name)) return undefined
  return { choice, name, range: versions, members: new AddressList(), cursor: 0 }
}
