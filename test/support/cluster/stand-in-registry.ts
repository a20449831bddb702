import type { AgentListing, AgentRegistry, LocatedAgent, RegistryChange } from '../../../kernel/contract/index.js'

/** An agent as the registry lists it. */
export const listingOf = (name: string, claim = 1): AgentListing =>
  ({ name, claim, state: 'running', delivery: 1, module: 'ab', offers: [], topics: [], homes: [], isBound: false })

/** A registry of what a test puts into it: agents by node. */
export class StandInRegistry implements AgentRegistry {
  readonly heard = new Map<string, number>()
  /** Tells whoever listens of changes. */
  change: (changes: readonly RegistryChange[]) => void = () => {}

  constructor (private readonly agents: Readonly<Record<string, readonly AgentListing[]>>) {}

  announce (): void {}
  withdraw (): void {}
  forget (): void {}
  onChange (changed: (changes: readonly RegistryChange[]) => void): void {
    this.change = changed
  }

  find (name: string): LocatedAgent | undefined {
    return [...this.claims(name)].sort((one, other) => other.listing.claim - one.listing.claim)[0]
  }

  claims (name: string): readonly LocatedAgent[] {
    return this.nodes().flatMap(nodeId =>
      this.ofNode(nodeId).filter(listing => listing.name === name).map(listing => ({ nodeId, listing })))
  }

  ofNode (nodeId: string): readonly AgentListing[] {
    return this.agents[nodeId] ?? []
  }

  count (nodeId?: string): number {
    return nodeId === undefined ? Object.values(this.agents).flat().length : this.ofNode(nodeId).length
  }

  nodes (): readonly string[] {
    return Object.keys(this.agents)
  }

  heardOf (nodeId: string): number {
    return this.heard.get(nodeId) ?? 0
  }
}
