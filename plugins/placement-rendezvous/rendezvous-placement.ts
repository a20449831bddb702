import {
  injectable, type PlaceableNode, type Placement, type PlacementMove, type PlacementWish,
} from '../../kernel/contract/index.js'
import { balanceTargets } from './balance-targets.js'
import { acrossZones, attachment, byLoad, byRendezvous, highest } from './rendezvous.js'

/** An agent that goes elsewhere. */
interface Mover {
  readonly agent: string
  readonly from: string
}

/** Answers from what it is asked alone: no clock, no chance, nothing kept. */
@injectable()
export class RendezvousPlacement implements Placement {
  choose (agent: string, wish: PlacementWish, count: number, nodes: readonly PlaceableNode[]): readonly string[] {
    return idsOf(byWish(agent, wish, nodes).slice(0, Math.max(0, count)))
  }

  /** By hash alone: loads are not the same for all survivors at one moment. */
  adopter (agent: string, zone: string, survivors: readonly PlaceableNode[]): string | undefined {
    const elsewhere = survivors.filter(node => node.zone !== zone)
    return highest(agent, elsewhere.length > 0 ? elsewhere : survivors)?.nodeId
  }

  keepers (key: string, self: PlaceableNode, others: readonly PlaceableNode[], count: number): readonly string[] {
    const rest = others.filter(({ nodeId }) => nodeId !== self.nodeId)
    return idsOf(acrossZones(rest, byRendezvous(key), [self.zone]).slice(0, Math.max(0, count)))
  }

  balance (agents: ReadonlyMap<string, readonly string[]>, nodes: readonly PlaceableNode[]): readonly PlacementMove[] {
    const takers = nodes.toSorted((one, other) => one.nodeId < other.nodeId ? -1 : 1)
    if (takers.length === 0) return []
    const ids = new Set(idsOf(takers))
    const homeless = [...agents].flatMap(([from, names]) => ids.has(from) ? [] : names.map(agent => ({ agent, from })))
    const loads = takers.map(({ nodeId, agents: count }) => {
      const movable = agents.get(nodeId)?.length ?? 0
      return { agents: Math.max(count, movable), fixed: Math.max(0, count - movable) }
    })
    const targets = balanceTargets(loads, homeless.length)
    const rooms = takers.map((node, index) => ({ node, room: (targets[index] ?? 0) - (loads[index]?.agents ?? 0) }))
    const leaving = rooms.flatMap(({ node, room }) => leastAttached(node, agents.get(node.nodeId) ?? [], -room))
    const movers = [...homeless, ...leaving].toSorted((one, other) => one.agent < other.agent ? -1 : Number(one.agent > other.agent))
    return assign(movers, new Map(rooms.map(({ node, room }) => [node, room])), agents)
  }
}

const idsOf = (nodes: readonly PlaceableNode[]): string[] => nodes.map(({ nodeId }) => nodeId)

function byWish (agent: string, wish: PlacementWish, nodes: readonly PlaceableNode[]): readonly PlaceableNode[] {
  switch (wish.strategy) {
    case 'least-loaded': return nodes.toSorted(byLoad(agent))
    case 'spread': return acrossZones(nodes, byLoad(agent))
    case 'node': return nodes.filter(({ nodeId }) => nodeId === wish.node)
    case 'prefer': {
      const rank = ({ nodeId }: PlaceableNode): number => wish.nodes.includes(nodeId) ? wish.nodes.indexOf(nodeId) : wish.nodes.length
      return nodes.toSorted(byLoad(agent)).toSorted((one, other) => rank(one) - rank(other))
    }
  }
}

/** So many of a node's agents as leave it: those whose hash ranks it least. */
function leastAttached (node: PlaceableNode, names: readonly string[], count: number): Mover[] {
  if (count <= 0) return []
  const from = node.nodeId
  const ranked = names.map(agent => ({ agent, rank: attachment(agent, from) }))
  ranked.sort((one, other) => one.rank - other.rank || (one.agent < other.agent ? -1 : 1))
  return ranked.slice(0, count).map(({ agent }) => ({ agent, from }))
}

/** Gives each mover to the node with room that its hash ranks highest, and that has no agent of its name. */
function assign (
  movers: readonly Mover[], rooms: Map<PlaceableNode, number>, agents: ReadonlyMap<string, readonly string[]>,
): PlacementMove[] {
  const moves: PlacementMove[] = []
  const names = new Map([...rooms.keys()].map(({ nodeId }) => [nodeId, new Set(agents.get(nodeId))]))
  for (const { agent, from } of movers) {
    const open = [...rooms.keys()].filter(node => (rooms.get(node) ?? 0) > 0 && names.get(node.nodeId)?.has(agent) !== true)
    const to = highest(agent, open)
    if (!to) continue
    rooms.set(to, (rooms.get(to) ?? 0) - 1)
    names.get(to.nodeId)?.add(agent)
    moves.push({ agent, from, to: to.nodeId })
  }
  return moves
}
