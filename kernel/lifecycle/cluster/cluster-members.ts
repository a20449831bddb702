import type { MessageInitShape } from '@bufbuild/protobuf'
import type { AgentRegistry, ClusterMemberSchema, Member, Membership } from '../../contract/index.js'
import type { ClusterOperationsMain } from './cluster-operations-main.js'
import { shownLink } from './cluster-status.js'

type Around = Pick<ClusterOperationsMain, 'registry' | 'clock' | 'peers'>

/** Everybody in the ring, as an answer shows them. */
export function shownMembers (membership: Membership, around: Around): Array<MessageInitShape<typeof ClusterMemberSchema>> {
  const self = membership.self().nodeId
  const links = new Map((around.peers?.links() ?? []).map(link => [link.nodeId, shownLink(link)]))
  return membership.members().map(member => ({
    nodeId: member.nodeId,
    state: member.state,
    host: member.host,
    gossipPort: member.gossipPort,
    zone: member.zone,
    version: member.version,
    since: BigInt(member.since),
    incarnation: BigInt(member.incarnation),
    caxton: member.isCaxton,
    self: member.nodeId === self,
    agents: around.registry === undefined ? 0 : agentsOf(member, around.registry),
    lastSeen: BigInt(Math.round(lastSeen(member, member.nodeId === self, around))),
    roads: member.roads.map(({ transport, driver, port }) => ({ transport, driver, port })),
    ...links.has(member.nodeId) ? { link: links.get(member.nodeId) } : {},
    ...member.roundTrip === undefined ? {} : { roundTripMilliseconds: member.roundTrip },
  }))
}

/** Those of a dead node are counted where they were taken over. */
function agentsOf ({ nodeId, state }: Member, registry: AgentRegistry): number {
  if (state !== 'dead') return registry.count(nodeId)
  return [...registry.ofNode(nodeId)].filter(({ name }) => registry.find(name)?.nodeId === nodeId).length
}

/** A node that is dead was seen before it was declared so; of one without a registry no more is known than that. */
function lastSeen (member: Member, isSelf: boolean, { registry, clock }: Around): number {
  if (isSelf) return clock.now()
  const heard = registry?.heardOf(member.nodeId) ?? 0
  return heard === 0 ? member.since : heard
}
