import type { MessageInitShape } from '@bufbuild/protobuf'
import type { AgentRegistry, ClusterView, MemberChange, Membership, WatchClusterResponseSchema } from '../../contract/index.js'
import { BoundedStream } from '../../routing/bounded-stream.js'
import type { ClusterOperationsMain } from './cluster-operations-main.js'

/** Events that a slow watcher may lag behind. */
const BACKLOG = 1_000

type ClusterEvent = MessageInitShape<typeof WatchClusterResponseSchema>

/** Tells what happens in the cluster until `signal` aborts: first how it stands, then each change in a sentence. */
export async function * tellStory (
  membership: Membership, { clock, deeds, registry }: Pick<ClusterOperationsMain, 'clock' | 'deeds' | 'registry'>, signal: AbortSignal,
): AsyncGenerator<ClusterEvent, void, undefined> {
  const events = new BoundedStream<ClusterEvent>(BACKLOG, signal)
  const tell = (kind: string, nodeId: string, sentence: string): void => {
    events.push({ at: BigInt(clock.now()), kind, nodeId, sentence })
  }
  const self = membership.self().nodeId
  let { standing } = membership.view()
  membership.onChange(change => tell(change.kind, change.member.nodeId, memberSentence(change)), signal)
  membership.onView(view => {
    if (view.standing === standing) return
    standing = view.standing
    tell(standing, self, viewSentence(view))
  }, signal)
  deeds?.onIncident(({ kind, nodeId, sentence }) => tell(kind, nodeId, sentence), signal)
  const taken = new Set<string>()
  registry?.onChange(changes => {
    for (const { nodeId, name } of changes) {
      const key = `${nodeId}/${name}`
      if (nodeId === self || taken.has(key)) continue
      const before = lostBy(registry, membership, nodeId, name)
      if (before === undefined) continue
      if (taken.size < BACKLOG) taken.add(key)
      tell('adopted', nodeId, `agent ${name} of ${before} goes on on ${nodeId}`)
    }
  }, signal)
  yield { at: BigInt(clock.now()), kind: 'now', nodeId: self, sentence: viewSentence(membership.view()) }
  for await (const event of events) yield { ...event, skipped: BigInt(events.takeSkipped()) }
}

/** What happened to a node. */
export function memberSentence ({ kind, member, because }: MemberChange): string {
  const { nodeId, host, zone, version, isCaxton } = member
  const reason = because === '' ? '' : `: ${because}`
  const kinds: Record<MemberChange['kind'], string> = {
    joined: isCaxton ? `joined from ${host}, zone ${zone}, Caxton ${version}` : `joined from ${host}; it is no Caxton node`,
    updated: 'made itself known anew',
    suspected: 'does not answer, and is suspected to be dead',
    died: 'is dead',
    back: 'is back',
    left: 'left the cluster',
    removed: 'was removed from the cluster',
  }
  return `${nodeId} ${kinds[kind]}${reason}`
}

/** How this node stands. */
export function viewSentence ({ standing, reachable, admitted }: ClusterView): string {
  const seen = `${reachable} of ${admitted} nodes answer`
  const standings: Record<ClusterView['standing'], string> = {
    normal: reachable >= admitted ? `${seen}: the cluster is whole` : seen,
    unstable: `${seen}: waits until it is certain which`,
    majority: `${seen}, which is the majority: goes on, and takes over the agents of the others`,
    minority: `${seen}, which is a minority: READ-ONLY, changes are queued`,
    reconciling: `${seen} again: puts together what was written apart`,
  }
  return standings[standing]
}

/** The dead node that a node has taken an agent over from, if it has. What is taken over here, the deeds tell themselves. */
function lostBy (registry: AgentRegistry, membership: Membership, nodeId: string, name: string): string | undefined {
  const [newest, before] = [...registry.claims(name)].sort((one, other) => other.listing.claim - one.listing.claim)
  const isTakeover = newest?.nodeId === nodeId && before !== undefined && membership.member(before.nodeId)?.state === 'dead'
  return isTakeover ? before.nodeId : undefined
}
