import type { PlaceableNode, Placement, PlacementMove } from '../../kernel/contract/index.js'

const byId = (one: PlaceableNode, other: PlaceableNode): number => one.nodeId < other.nodeId ? -1 : 1

/** Takes the nodes in the order of their ids; enough to see that what it says is done. */
export const SCENE_PLACEMENT: Placement = {
  choose (_agent, wish, count, nodes) {
    if (wish.strategy === 'node') return nodes.filter(({ nodeId }) => nodeId === wish.node).map(({ nodeId }) => nodeId)
    const dear = wish.strategy === 'prefer' ? wish.nodes : []
    const rank = ({ nodeId }: PlaceableNode): number => dear.includes(nodeId) ? dear.indexOf(nodeId) : dear.length
    const sorted = [...nodes].sort((one, other) => rank(one) - rank(other) || one.agents - other.agents || byId(one, other))
    return sorted.slice(0, count).map(({ nodeId }) => nodeId)
  },
  adopter: (_agent, _zone, survivors) => [...survivors].sort(byId)[0]?.nodeId,
  keepers: (_key, _self, others, count) => [...others].sort(byId).slice(0, count).map(({ nodeId }) => nodeId),
  balance (agents, nodes) {
    const names = new Map(nodes.map(({ nodeId }) => [nodeId, [...agents.get(nodeId) ?? []].sort()]))
    const moves: PlacementMove[] = []
    for (;;) {
      const sorted = [...names].sort(([, one], [, other]) => one.length - other.length)
      const [least, most] = [sorted[0], sorted.at(-1)]
      if (least === undefined || most === undefined || most[1].length - least[1].length <= 1) return moves
      const agent = most[1].pop()
      if (agent === undefined) return moves
      least[1].push(agent)
      moves.push({ agent, from: most[0], to: least[0] })
    }
  },
}
