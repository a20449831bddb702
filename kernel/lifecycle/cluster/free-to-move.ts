import type { PlacementMove } from '../../contract/index.js'

/**
 * Moves of the same kind that leave the bound agents where they are: another agent of the node goes in place of each, or none where
 * all others go already.
 *
 * @param agents Names of the agents of each node.
 * @param bound Agents that may run on their node only.
 */
export function freeToMove (
  moves: readonly PlacementMove[], agents: ReadonlyMap<string, readonly string[]>, bound: ReadonlySet<string>,
): readonly PlacementMove[] {
  const going = new Set(moves.map(({ agent }) => agent))
  return moves.flatMap(move => {
    if (!bound.has(move.agent)) return [move]
    const agent = agents.get(move.from)?.find(name => !bound.has(name) && !going.has(name))
    if (agent === undefined) return []
    going.add(agent)
    return [{ ...move, agent }]
  })
}
