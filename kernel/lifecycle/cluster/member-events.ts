import type { Membership, MemberChange, SecurityEvents } from '../../contract/index.js'

/** What belongs on record of what happens to other nodes: who came to belong to the cluster, and who no longer does. */
const WHAT: Readonly<Partial<Record<MemberChange['kind'], string>>> = { joined: 'node-joined', left: 'node-left', removed: 'node-removed' }

/** Notes as events of security which nodes come and go, until `signal` aborts. */
export function noteMembers (membership: Pick<Membership, 'onChange'>, events: SecurityEvents, signal: AbortSignal): void {
  membership.onChange(({ kind, member, because }) => {
    const what = WHAT[kind]
    if (what !== undefined) events.note({ what, resource: member.nodeId, result: 'ok', ...because === '' ? {} : { because } })
  }, signal)
}
