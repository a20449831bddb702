import {
  AgentState, DELIVERY, type AgentListing, type AgentRegistry, type Clock, type RegistryChange,
  type Timer,
} from '../../contract/index.js'
import type { CapabilityRegistry } from '../../routing/capabilities/capability-registry.js'
import { shownOffer } from '../../routing/capabilities/directory-search.js'
import type { TopicRegistry } from '../../routing/topics/topic-registry.js'
import type { AgentRecord } from '../agents/agent-record.js'
import type { AgentRoster } from '../agents/agent-roster.js'

/** How long changes of one moment gather, in milliseconds: an agent goes through several states when it starts. */
const GATHERING = 10
/** How long an agent that went to another node stays listed here at most while the other does not list it, in milliseconds. */
const LINGER = 10_000

/** What {@link OwnListings} work with. */
export interface OwnListingsParts {
  readonly self: string
  readonly registry: Pick<AgentRegistry, 'announce' | 'withdraw' | 'find'>
  readonly roster: Pick<AgentRoster, 'ofName' | 'list'>
  readonly tables: { readonly offers: Pick<CapabilityRegistry, 'ofAgent'>, readonly subscriptions: Pick<TopicRegistry, 'ofAgent'> }
  readonly clock: Clock
}

/** Tells the registry what this node hosts. */
export class OwnListings {
  readonly #listed = new Map<string, string>()
  readonly #changed = new Set<string>()
  /** Those that went to other nodes. */
  readonly #moved = new Map<string, Timer>()
  #timer: Timer | undefined

  constructor (private readonly parts: OwnListingsParts) {}

  /** Lists everything that is here. */
  open (): void {
    for (const { name } of this.parts.roster.list()) this.#changed.add(name)
    this.#tell()
  }

  close (): void {
    this.#timer?.cancel()
    for (const timer of this.#moved.values()) timer.cancel()
    this.#moved.clear()
  }

  /** Something about an agent of that name changed. */
  changed (name: string): void {
    this.#changed.add(name)
    this.#timer ??= this.parts.clock.after(GATHERING, () => this.#tell())
  }

  /** An agent went to another node. It stays listed until that one lists it, so that nobody believes it gone. */
  moved (name: string): void {
    this.#moved.get(name)?.cancel()
    this.#moved.set(name, this.parts.clock.after(LINGER, () => this.#hasArrived(name)))
    this.#lookFor(name)
  }

  /** Whether an agent went to another node that does not list it yet. */
  isUnderWay (name: string): boolean {
    return this.#moved.has(name)
  }

  /** The registry says something else of agents. */
  heard (changes: readonly RegistryChange[]): void {
    if (this.#moved.size > 0) for (const { name } of changes) this.#lookFor(name)
  }

  #lookFor (name: string): void {
    const { registry, self } = this.parts
    const node = registry.find(name)?.nodeId
    if (this.#moved.has(name) && node !== undefined && node !== self) this.#hasArrived(name)
  }

  #hasArrived (name: string): void {
    this.#moved.get(name)?.cancel()
    this.#moved.delete(name)
    this.changed(name)
  }

  #tell (): void {
    this.#timer = undefined
    const { roster, registry } = this.parts
    for (const name of this.#changed) {
      const record = roster.ofName(name)
      if (record === undefined) {
        if (!this.#moved.has(name) && this.#listed.delete(name)) registry.withdraw(name)
        continue
      }
      const listing = this.#listingOf(record)
      const text = JSON.stringify(listing)
      if (this.#listed.get(name) === text) continue
      this.#listed.set(name, text)
      registry.announce(listing)
    }
    this.#changed.clear()
  }

  #listingOf (record: AgentRecord): AgentListing {
    const { plan: { name, claim, module, delivery, wish }, address: { handle } } = record
    const { offers, subscriptions } = this.parts.tables
    return {
      name, claim, module, state: stateOf(record), delivery: DELIVERY.indexOf(delivery),
      offers: offers.ofAgent(handle).map(offered => JSON.stringify(shownOffer(offered))),
      topics: subscriptions.ofAgent(handle),
      homes: wish.strategy === 'node' ? [wish.node] : wish.strategy === 'prefer' ? wish.nodes : [],
      isBound: wish.strategy === 'node',
    }
  }
}

/** An agent that is just being started again takes messages. */
function stateOf ({ state, isUp }: AgentRecord): AgentListing['state'] {
  if (isUp) return 'running'
  if (state === AgentState.DRAINING) return 'draining'
  return state === AgentState.FAILED ? 'failed' : 'stopped'
}
