import type { AgentRegistry, Member, Membership, PlaceableNode } from '../../contract/index.js'

/** Nodes that can run agents, this one first, with how many each has. `hosted`: how many this one has, of which the registry hears late. */
export function livingNodes (
  membership: Pick<Membership, 'self' | 'members'>, registry: Pick<AgentRegistry, 'count'>, hosted: number,
): PlaceableNode[] {
  const self = membership.self()
  const others = membership.members().filter(({ nodeId, isCaxton, state, roads }) =>
    nodeId !== self.nodeId && isCaxton && state === 'alive' && roads.length > 0)
  return [self, ...others].map(({ nodeId, zone }: Member) => ({ nodeId, zone, agents: nodeId === self.nodeId ? hosted : registry.count(nodeId) }))
}
