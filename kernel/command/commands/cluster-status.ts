import type { RunCommand } from '../../contract/command.js'
import { Cluster, ClusterStatusResponseSchema, type ClusterStatusResponse } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { jsonOf } from './answer-data.js'
import { momentText, sizeText, spanText } from './moment-text.js'
import { askServer } from './server-call.js'

/** `caxton cluster status` */
export const run: RunCommand = async context => {
  const answer = await askServer(context, Cluster.method.status, {})
  context.terminal.record(fieldsOf(answer, context.clock.now()), jsonOf(ClusterStatusResponseSchema, answer))
  return answer.healthy ? 0 : 1
}

const fieldsOf = (answer: ClusterStatusResponse, now: number): Array<readonly [string, string]> => [
  ['cluster', `${answer.healthy ? 'HEALTHY' : 'DEGRADED'}, ${answer.writable ? 'READ-WRITE' : 'READ-ONLY'}`],
  ['nodes', `${answer.reachable}/${answer.admitted}`],
  ['standing', `${answer.standing} since ${momentText(answer.since)} (${spanText(now - Number(answer.since))})`],
  ['queued writes', String(answer.queuedWrites)],
  ['agents', `${answer.agents}, of which ${answer.agentsHere} here`],
  ['seen from', `${answer.nodeId}, zone ${answer.zone}`],
  ...answer.roads.map(({ transport, driver, port, encrypted }) =>
    ['takes links', `${roadText(transport, driver)}, port ${port}, ${secrecyText(encrypted === true)}`] as const),
  ...answer.links.map(({ nodeId, transport, driver, state, waitingBytes, encrypted }) =>
    ['link', `${nodeId}  ${state}, ${roadText(transport, driver)}, ${secrecyText(encrypted)}${waitingText(waitingBytes)}`] as const),
  ...answer.problems.map(problem => ['problem', problem] as const),
]

/** `quic (libp2p)`, or `tcp` where there is nothing to tell apart. */
const roadText = (transport: string, driver: string): string => driver === transport ? transport : `${transport} (${driver})`

const secrecyText = (isEncrypted: boolean): string => isEncrypted ? 'encrypted' : 'not encrypted'

const waitingText = (bytes: bigint): string => bytes === 0n ? '' : `, ${sizeText(bytes)} wait`
