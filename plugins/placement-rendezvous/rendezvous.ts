import { textHash, type PlaceableNode } from '../../kernel/contract/index.js'

/** Compares two nodes: below 0 when the first one comes first. */
export type Preference = (one: PlaceableNode, other: PlaceableNode) => number

/** How much a key belongs to a node. */
export const attachment = (key: string, nodeId: string): number => textHash(nodeId, textHash(key))

/**
 * Rendezvous hashing (D. Thaler, C. Ravishankar: "A Name-Based Mapping Scheme for Rendezvous", 1996): each key ranks the
 * nodes by a hash of key and node. When a node goes, only its keys go elsewhere; keys of one node go to all others alike.
 */
export function byRendezvous (key: string): Preference {
  return (one, other) => attachment(key, other.nodeId) - attachment(key, one.nodeId) || byId(one, other)
}

/** The first of some nodes by {@link byRendezvous}, without sorting them all. */
export function highest (key: string, nodes: Iterable<PlaceableNode>): PlaceableNode | undefined {
  let best: PlaceableNode | undefined
  let most = -1
  for (const node of nodes) {
    const mine = attachment(key, node.nodeId)
    if (best && (mine < most || (mine === most && byId(best, node) <= 0))) continue
    best = node
    most = mine
  }
  return best
}

/** Nodes with the fewest agents first; which of equals is first differs from key to key. */
export function byLoad (key: string): Preference {
  const among = byRendezvous(key)
  return (one, other) => one.agents - other.agents || among(one, other)
}

/**
 * The nodes by preference, but one of each zone before the second of any. Of the zones in `taken`, something is there already: their
 * first node counts as a second one.
 */
export function acrossZones (nodes: readonly PlaceableNode[], prefer: Preference, taken: readonly string[] = []): PlaceableNode[] {
  const counts = new Map(taken.map(zone => [zone, 1]))
  const leveled = nodes.toSorted(prefer).map(node => {
    const level = counts.get(node.zone) ?? 0
    counts.set(node.zone, level + 1)
    return { node, level }
  })
  // Sorting keeps the order of equals: within a level that of preference.
  return leveled.toSorted((one, other) => one.level - other.level).map(({ node }) => node)
}

function byId (one: PlaceableNode, other: PlaceableNode): number {
  return one.nodeId < other.nodeId ? -1 : Number(one.nodeId > other.nodeId)
}
