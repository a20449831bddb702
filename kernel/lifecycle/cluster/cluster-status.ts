import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ClusterLinkSchema, ClusterStatusResponseSchema, ClusterView, Member, Membership, PeerLink } from '../../contract/index.js'
import type { ClusterOperationsMain } from './cluster-operations-main.js'

type Around = Pick<ClusterOperationsMain, 'registry' | 'peers' | 'deeds'>

/** How the cluster does, seen from this node. */
export function statusOf (
  membership: Membership, { registry, peers, deeds }: Around,
): MessageInitShape<typeof ClusterStatusResponseSchema> {
  const [self, view] = [membership.self(), membership.view()]
  const links = [...peers?.links() ?? []].sort((one, other) => one.nodeId < other.nodeId ? -1 : 1)
  /** Or was removed. */
  const hasLeft = self.state === 'left'
  // The dead have none: those that they had are counted where they were taken over.
  const living = membership.members().filter(({ state }) => state === 'alive' || state === 'suspect')
  const queuedWrites = deeds?.queuedWrites() ?? 0
  return {
    nodeId: self.nodeId,
    zone: self.zone,
    healthy: !hasLeft && view.standing === 'normal' && view.reachable >= view.admitted,
    writable: view.isWritable,
    standing: view.standing,
    since: BigInt(view.since),
    admitted: view.admitted,
    reachable: view.reachable,
    queuedWrites,
    agents: living.reduce((sum, { nodeId }) => sum + (registry?.count(nodeId) ?? 0), 0),
    agentsHere: registry?.count(self.nodeId) ?? 0,
    // Of the others it hears nothing any more.
    problems: hasLeft
      ? ['this node belongs to the cluster no more, and runs on by itself: to have it join again, start its server anew']
      : [...standingProblems(view, queuedWrites), ...memberProblems(membership.members()), ...linkProblems(links)],
    links: links.map(shownLink),
    roads: (peers?.roads() ?? []).map(({ transport, driver, port, isEncrypted }) => ({ transport, driver, port, encrypted: isEncrypted })),
  }
}

/** A link, as an answer shows it. */
export const shownLink = (
  { nodeId, transport, driver, isEncrypted, state, since, waiting }: PeerLink,
): MessageInitShape<typeof ClusterLinkSchema> =>
  ({ nodeId, transport, driver, state, since: BigInt(since), waitingBytes: BigInt(waiting), encrypted: isEncrypted })

function standingProblems ({ standing, reachable, admitted }: ClusterView, queuedWrites: number): string[] {
  const seen = `${reachable} of ${admitted} nodes answer`
  const queued = queuedWrites === 0 ? '' : `; ${queuedWrites} changes wait`
  if (standing === 'unstable') return [`${seen}: waits until it is certain which`]
  if (standing === 'majority') return [`${seen}: goes on without the others`]
  if (standing === 'minority') return [`${seen}: changes nothing until more do${queued}`]
  return standing === 'reconciling' ? [`${seen} again: what was written apart is being put together${queued}`] : []
}

const memberProblems = (members: readonly Member[]): string[] => members.flatMap(({ nodeId, state }) => {
  if (state === 'suspect') return [`${nodeId} does not answer, and is suspected to be dead`]
  return state === 'dead' ? [`${nodeId} is dead`] : []
})

const linkProblems = (links: readonly PeerLink[]): string[] => links.flatMap(({ nodeId, state, transport }) =>
  state === 'broken' ? [`no link to ${nodeId} can be opened over ${transport}`] : [])
