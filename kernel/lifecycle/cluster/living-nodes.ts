import type { AgentRegistry, Member, Membership, PlaceableNode } from '../../contract/index.js'

/** Nodes that can run agents, this one included, with how many each has. */
export function livingNodes (membership: Pick<Membership, 'self' | 'members'>, registry: Pick<AgentRegistry, 'count'>): PlaceableNode[] {
  const self = membership.self()
  const others = membership.members().filter(({ nodeId, isCaxton, state, roads }) =>
    nodeId !== self.nodeId && isCaxton && state === 'alive' && roads.length > 0)
  return [self, ...others].map(({ nodeId, zone }: Member) => ({ nodeId, zone, agents: registry.count(nodeId) }))
}
