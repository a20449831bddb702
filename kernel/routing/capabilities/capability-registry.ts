import type { CapabilityDescription, CapabilityDirectory, OfferedCapability } from '../../contract/index.js'
import type { Address } from '../frames/frame.js'
import type { Offer, OfferChanges } from './capability-table.js'
import { ANY_VERSION, isWithin, versionNumber, versionRange } from './version-range.js'

/** An agent that offers something. */
export interface OfferingAgent extends Address {
  readonly name: string
}

/** Which capabilities somebody asks for; what is left out does not matter. */
export interface CapabilitySearch {
  readonly name?: string
  readonly version?: string
  readonly agent?: string
}

/** What happened to offers, in the order in which it happened: what was removed before what was added. */
export interface CapabilityChange {
  readonly removed: readonly OfferedCapability[]
  readonly added: readonly OfferedCapability[]
}

interface Entry {
  readonly agent: OfferingAgent
  readonly version: number
  readonly offered: OfferedCapability
}

const byAgent = (one: OfferedCapability, other: OfferedCapability): number =>
  one.name === other.name ? (one.agent < other.agent ? -1 : 1) : one.name < other.name ? -1 : 1

/** Everything that running agents of this node offer. Main thread only. */
export class CapabilityRegistry implements CapabilityDirectory {
  readonly #byName = new Map<string, Map<number, Entry>>()
  /** Lists, because most agents offer one or two, and a map takes three times as much memory. */
  readonly #byHandle = new Map<number, Entry[]>()
  readonly #observers = new Set<(change: CapabilityChange) => void>()

  /** @param changed Told of every change, to bring it to the threads. */
  constructor (private readonly changed: (changes: OfferChanges) => void) {}

  /** An agent offers something; what it offered under that name before is replaced. */
  offer (agent: OfferingAgent, capability: CapabilityDescription): void {
    const version = versionNumber(capability.version) ?? 0
    const entry: Entry = { agent, version, offered: { ...capability, agent: agent.name } }
    const before = this.#take(agent.handle, capability.name)
    const named = this.#byName.get(capability.name) ?? new Map<number, Entry>()
    this.#byName.set(capability.name, named.set(agent.handle, entry))
    this.#byHandle.set(agent.handle, [...this.#byHandle.get(agent.handle) ?? [], entry])
    this.changed({ removed: [], added: [offerOf(entry)] })
    this.#tell({ removed: before === undefined ? [] : [before.offered], added: [entry.offered] })
  }

  withdraw (handle: number, name: string): void {
    const entry = this.#take(handle, name)
    if (entry === undefined) return
    this.changed({ removed: [[name, handle]], added: [] })
    this.#tell({ removed: [entry.offered], added: [] })
  }

  /** An agent does not run any more: all that it offered ends. */
  end (handle: number): void {
    const entries = this.#byHandle.get(handle) ?? []
    if (entries.length === 0) return
    for (const { offered } of entries) this.#take(handle, offered.name)
    this.changed({ removed: entries.map(({ offered }) => [offered.name, handle]), added: [] })
    this.#tell({ removed: entries.map(({ offered }) => offered), added: [] })
  }

  find (name: string, range?: string): OfferedCapability[] {
    return this.search(range === undefined ? { name } : { name, version: range })
  }

  /** What matches, by name and agent. A version that is no range matches nothing. */
  search (search: CapabilitySearch): OfferedCapability[] {
    const matches = matcherOf(search)
    const named = search.name === undefined ? [...this.#byName.values()] : [this.#byName.get(search.name) ?? new Map<number, Entry>()]
    return named.flatMap(entries => [...entries.values()].map(({ offered }) => offered).filter(matches)).sort(byAgent)
  }

  ofAgent (handle: number): OfferedCapability[] {
    return (this.#byHandle.get(handle) ?? []).map(({ offered }) => offered).sort(byAgent)
  }

  /** Everything, for a thread that begins to replicate. */
  all (): OfferChanges {
    return { removed: [], added: [...this.#byName.values()].flatMap(entries => [...entries.values()].map(offerOf)) }
  }

  /** Calls back for every change, until what this returns is called. */
  observe (observer: (change: CapabilityChange) => void): () => void {
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
  }

  #take (handle: number, name: string): Entry | undefined {
    const own = this.#byHandle.get(handle) ?? []
    const entry = own.find(({ offered }) => offered.name === name)
    if (entry === undefined) return undefined
    if (own.length === 1) this.#byHandle.delete(handle)
    else this.#byHandle.set(handle, own.filter(each => each !== entry))
    const named = this.#byName.get(name)
    named?.delete(handle)
    if (named?.size === 0) this.#byName.delete(name)
    return entry
  }

  #tell (change: CapabilityChange): void {
    for (const observer of this.#observers) observer(change)
  }
}

const offerOf = ({ agent, offered, version }: Entry): Offer => [offered.name, agent.handle, agent.generation, version]

/** Whether an offer is among those that a search means. */
export function matcherOf ({ name, version, agent }: CapabilitySearch): (offered: OfferedCapability) => boolean {
  const range = version === undefined ? ANY_VERSION : versionRange(version)
  return offered => range !== undefined && (name === undefined || offered.name === name) &&
    (agent === undefined || offered.agent === agent) && isWithin(versionNumber(offered.version) ?? -1, range)
}
