import type { AgentRegistry, Member, Membership, PlaceableNode } from '../../contract/index.js'

/** Nodes that can run agents, this one first, with how many each has. `hosted`: how many this one has, of which the registry hears late. */
export function livingNodes (
  membership: Pick<Membership, 'self' | 'members'>, registry: Pick<AgentRegistry, 'count'>, hosted: number,
): PlaceableNode[] {
  const self = membership.self()
  const others = membership.members().filter(({ nodeId, isCaxton, state, roads }) =>
    nodeId !== self.nodeId && isCaxton && state === 'alive' && roads.length > 0)
  const placeable = ({ nodeId, zone }: Member, agents: number): PlaceableNode => ({ nodeId, zone, agents })
  return [placeable(self, hosted), ...others.map(member => placeable(member, registry.count(member.nodeId)))]
}
