import type { AgentListing, AgentRegistry, LocatedAgent, Membership, RegistryChange } from '../../contract/index.js'
import { readRegistration } from '../../routing/capabilities/capability-description.js'
import { CONDITION, type Condition } from '../../routing/directory/route-table.js'
import type { RemoteAgents } from '../../routing/remote/remote-agents.js'
import type { ReplicatedTables } from '../agents/replicated-tables.js'

/** What {@link RegistryMirror} works with. */
export interface RegistryMirrorParts {
  readonly self: string
  readonly registry: Pick<AgentRegistry, 'find' | 'ofNode' | 'nodes'>
  readonly membership: Pick<Membership, 'member'>
  readonly agents: RemoteAgents
  /** An agent went from here to another node that does not list it yet. */
  readonly isUnderWay: (name: string) => boolean
  readonly tables: Pick<ReplicatedTables, 'offers' | 'subscriptions'>
  /** This node hosts an agent that another one claims, too. */
  readonly contested: (name: string, other: LocatedAgent) => void
}

/** Brings what the registry says of other nodes into this node's directory, so that their agents can be written to like its own. */
export class RegistryMirror {
  /** What was made known of each agent, as text, so that only changes are. */
  readonly #announced = new Map<string, string>()

  constructor (private readonly parts: RegistryMirrorParts) {}

  changed (changes: readonly RegistryChange[]): void {
    for (const name of new Set(changes.map(change => change.name))) this.look(name)
  }

  /** A node came, or went. */
  nodeChanged (nodeId: string): void {
    for (const { name } of this.parts.registry.ofNode(nodeId)) this.look(name)
  }

  /** Looks at everything: what this node hosts itself may have changed. */
  everything (): void {
    for (const nodeId of this.parts.registry.nodes()) if (nodeId !== this.parts.self) this.nodeChanged(nodeId)
  }

  /** Looks at one agent. */
  look (name: string): void {
    const { registry, self, agents, isUnderWay, contested } = this.parts
    const located = registry.find(name)
    if (isUnderWay(name) && (located === undefined || located.nodeId === self)) return
    if (located === undefined || located.nodeId === self) {
      this.#forget(name)
      return
    }
    const { nodeId, listing } = located
    const condition = this.#conditionOf(nodeId, listing)
    if (!agents.list(name, nodeId, { claim: listing.claim, delivery: listing.delivery, condition })) {
      contested(name, located)
      return
    }
    this.#announce(name, condition === CONDITION.running ? listing : undefined)
  }

  #conditionOf (nodeId: string, { state }: AgentListing): Condition {
    const member = this.parts.membership.member(nodeId)
    if (member === undefined || member.state === 'dead' || member.state === 'left') return CONDITION.unreachable
    return CONDITION[state]
  }

  #forget (name: string): void {
    const agent = this.parts.agents.ofName(name)
    if (agent === undefined) return
    this.#announce(name, undefined)
    this.parts.agents.forget(name)
  }

  #announce (name: string, listing: AgentListing | undefined): void {
    const agent = this.parts.agents.ofName(name)
    const text = listing === undefined ? '' : JSON.stringify([listing.offers, listing.topics])
    if (agent === undefined || (this.#announced.get(name) ?? '') === text) return
    const { offers, subscriptions } = this.parts.tables
    offers.end(agent.address.handle)
    subscriptions.end(agent.address.handle)
    if (listing === undefined) {
      this.#announced.delete(name)
      return
    }
    this.#announced.set(name, text)
    for (const offer of listing.offers) {
      const registration = readRegistration(offer)
      if (registration?.kind === 'offers') offers.offer({ ...agent.address, name }, registration.capability)
    }
    for (const topic of listing.topics) subscriptions.subscribe(agent.address, topic)
  }
}
