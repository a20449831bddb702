import type { AgentListing, PlaceableNode, Placement } from '../../contract/index.js'

/**
 * Who takes an agent over whose node is dead: of the nodes where it is wanted the first that lives; where none does, whom the placement
 * chooses, unless it may run on those only. `zone`: the dead node's. Survivors that see the same nodes agree without asking one another.
 */
export function heirOf (
  { name, homes, isBound }: Pick<AgentListing, 'name' | 'homes' | 'isBound'>, zone: string, survivors: readonly PlaceableNode[],
  placement: Pick<Placement, 'adopter'>,
): string | undefined {
  const wanted = homes.find(home => survivors.some(({ nodeId }) => nodeId === home))
  return wanted ?? (isBound ? undefined : placement.adopter(name, zone, survivors))
}
