import { token } from '../token.js'

/** A node that could run agents. */
export interface PlaceableNode {
  readonly nodeId: string
  readonly zone: string
  /** Agents that it hosts. */
  readonly agents: number
}

/** Where the operator wants an agent. */
export type PlacementWish =
  /** Wherever the fewest agents are. */
  | { readonly strategy: 'least-loaded' }
  /** On the first of these that can take it; if none can, wherever the fewest are. */
  | { readonly strategy: 'prefer', readonly nodes: readonly string[] }
  /** On this one, or nowhere. */
  | { readonly strategy: 'node', readonly node: string }
  /** In as many zones as there are; within a zone, where the fewest are. */
  | { readonly strategy: 'spread' }

/** An agent moves. */
export interface PlacementMove {
  readonly agent: string
  readonly from: string
  readonly to: string
}

/** Where agents run. Pure: equal questions get equal answers on every node, whatever the order of the lists. Nothing blocks. */
export interface Placement {
  /** Nodes for the instances of an agent, each another one: fewer than `count` when there are not enough, none when there is no place. */
  choose (agent: string, wish: PlacementWish, count: number, nodes: readonly PlaceableNode[]): readonly string[]
  /**
   * Who takes an agent over whose node is dead; prefers other zones than the dead node's. Survivors that see the same
   * nodes agree without asking one another.
   */
  adopter (agent: string, zone: string, survivors: readonly PlaceableNode[]): string | undefined
  /** Who keeps copies of something that this node has; prefers other zones. Never the node itself. */
  keepers (key: string, self: PlaceableNode, others: readonly PlaceableNode[], count: number): readonly string[]
  /**
   * The fewest moves after which no node has more agents than another by more than one, or by a tenth if that is more. `agents`: those
   * that may move, by the node that they are on; whatever else {@link PlaceableNode.agents} counts stays. Those of a node
   * that is not among `nodes`, as when it leaves, all move. No node gets an agent whose name is in its list.
   */
  balance (agents: ReadonlyMap<string, readonly string[]>, nodes: readonly PlaceableNode[]): readonly PlacementMove[]
}

export const PlacementToken = token<Placement>('caxton/placement@1')
