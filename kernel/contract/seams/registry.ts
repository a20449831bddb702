import { token } from '../token.js'

/** What a node makes known of an agent that it hosts. */
export interface AgentListing {
  readonly name: string
  /** Claim epoch of its placement: whoever hosts an agent with the higher one is right. 1 at deployment. */
  readonly claim: number
  readonly state: 'running' | 'draining' | 'stopped' | 'failed'
  /** How messages for it are delivered at least: a position in `DELIVERY`. */
  readonly delivery: number
  /** SHA-256 of its module in hex. */
  readonly module: string
  /** Each a capability description in JSON. */
  readonly offers: readonly string[]
  /** Patterns of the topics that it subscribes to. */
  readonly topics: readonly string[]
  /** Nodes on which the operator wants it, the first most. Empty: anywhere. */
  readonly homes: readonly string[]
  /** It may run on these only. */
  readonly isBound: boolean
}

/** An agent together with the node that hosts it. */
export interface LocatedAgent {
  readonly nodeId: string
  readonly listing: AgentListing
}

/** A change on any node, also this one. `listing` undefined: the agent is there no more. */
export interface RegistryChange {
  readonly nodeId: string
  readonly name: string
  readonly listing: AgentListing | undefined
}

/**
 * Which agent is on which node. Each node is the only writer of what it hosts itself; everybody has a copy of it all, a little late.
 * Everything answers from memory.
 */
export interface AgentRegistry {
  /**
   * This node hosts an agent, or what it makes known of it changed. Never blocks. Of capabilities and topics that are too many for the
   * registry some are left out, which it logs.
   */
  announce (listing: AgentListing): void
  /** This node hosts it no more. */
  withdraw (name: string): void
  /**
   * Where an agent is: of several that claim it, the one with the highest claim, then the least node id. Those of nodes that
   * are dead are found, too: ask the membership whether the node lives.
   */
  find (name: string): LocatedAgent | undefined
  /** Everybody who claims it. More than one for a moment after a partition. */
  claims (name: string): readonly LocatedAgent[]
  /** The agents of a node, in no particular order. */
  ofNode (nodeId: string): Iterable<AgentListing>
  /** How many agents a node hosts, or all. */
  count (nodeId?: string): number
  /** Nodes of which anything is known. */
  nodes (): readonly string[]
  /** Calls back with changes, as they become known, until `signal` aborts. Must not block. */
  onChange (changed: (changes: readonly RegistryChange[]) => void, signal: AbortSignal): void
  /** Forgets all that a node hosted, because it is removed from the cluster. */
  forget (nodeId: string): void
  /** When this node last heard news, or that there are none, of that one: milliseconds since the Unix epoch; 0 never. */
  heardOf (nodeId: string): number
}

export const RegistryToken = token<AgentRegistry>('caxton/registry@1')
