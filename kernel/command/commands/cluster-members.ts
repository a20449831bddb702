import type { Column, RunCommand } from '../../contract/command.js'
import { Cluster, ClusterMembersResponseSchema, type ClusterMember } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { jsonOf } from './answer-data.js'
import { millisecondsText, spanText } from './moment-text.js'
import { askServer } from './server-call.js'

const USUAL_PORT = 7946

/** `caxton cluster members` */
export const run: RunCommand = async context => {
  const answer = await askServer(context, Cluster.method.members, {})
  context.terminal.table(answer.members, columns(context.clock.now()), jsonOf(ClusterMembersResponseSchema, answer))
  return 0
}

const columns = (now: number): ReadonlyArray<Column<ClusterMember>> => [
  { heading: 'NODE', text: ({ nodeId, self }) => self ? `${nodeId} *` : nodeId },
  { heading: 'STATUS', text: ({ state }) => state },
  { heading: 'ADDRESS', text: addressText },
  { heading: 'ZONE', text: ({ zone, caxton }) => caxton ? zone : '(foreign)' },
  { heading: 'VERSION', text: ({ version }) => version === '' ? '-' : version },
  { heading: 'AGENTS', text: ({ agents, caxton }) => caxton ? String(agents) : '-', right: true },
  {
    heading: 'RTT',
    text: ({ roundTripMilliseconds: trip }) => trip === undefined ? '-' : millisecondsText(trip),
    right: true,
  },
  { heading: 'LAST SEEN', text: ({ lastSeen, self }) => lastSeenText(Number(lastSeen), self, now), right: true },
]

/** Without the usual port, so that a table of IPv6 addresses fits into 80 columns. */
function addressText ({ host, gossipPort }: ClusterMember): string {
  if (gossipPort === USUAL_PORT) return host
  return host.includes(':') ? `[${host}]:${gossipPort}` : `${host}:${gossipPort}`
}

function lastSeenText (lastSeen: number, isSelf: boolean, now: number): string {
  if (isSelf) return 'now'
  return lastSeen === 0 ? '-' : `${spanText(now - lastSeen)} ago`
}
