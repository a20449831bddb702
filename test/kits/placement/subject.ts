import type { PlaceableNode, Placement } from '../../../kernel/contract/index.js'

/** What a placement kit tests. */
export interface PlacementSubject {
  readonly placement: Placement
}

/** Nodes as they might be in a cluster: five, in three zones, none with as many agents as another. */
export const CLUSTER: readonly PlaceableNode[] = [
  { nodeId: 'anna', zone: 'a', agents: 3 },
  { nodeId: 'arne', zone: 'a', agents: 1 },
  { nodeId: 'bert', zone: 'b', agents: 2 },
  { nodeId: 'bodo', zone: 'b', agents: 5 },
  { nodeId: 'cleo', zone: 'c', agents: 4 },
]

/** Names of agents. */
export const AGENTS: readonly string[] = Array.from({ length: 60 }, (_, index) => `agent-${index}`)

/** The same nodes in several other orders. */
export function orders<T> (items: readonly T[]): T[][] {
  return [items.toReversed(), [...items.slice(2), ...items.slice(0, 2)], [...items.slice(3), ...items.slice(0, 3)].toReversed()]
}
