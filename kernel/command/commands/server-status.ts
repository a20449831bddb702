import type { RunCommand } from '../../contract/command.js'
import { Server, StatusResponseSchema, type StatusResponse } from '../../contract/proto/caxton/v1/server_pb.js'
import { jsonOf } from './answer-data.js'
import { momentText, sizeText, spanText } from './moment-text.js'
import { askServer } from './server-call.js'

/** `caxton server status` */
export const run: RunCommand = async context => {
  const answer = await askServer(context, Server.method.status, {})
  context.terminal.record(fieldsOf(answer, context.clock.now()), jsonOf(StatusResponseSchema, answer))
  return answer.health === 'failed' ? 1 : 0
}

const fieldsOf = (answer: StatusResponse, now: number): Array<readonly [string, string]> => [
  ['health', answer.health],
  ['node', answer.nodeId],
  ['version', answer.version],
  ['process', String(answer.processId)],
  ['started', `${momentText(answer.startedAt)} (${spanText(now - Number(answer.startedAt))} ago)`],
  ['agents', `${answer.agentsRunning} running of ${answer.agents} deployed, at most ${answer.agentsMax}`],
  ['shards', String(answer.shards)],
  ['messages', `${answer.messagesDelivered} delivered, ${answer.messagesFailed} failed`],
  ['dead letters', String(answer.deadLetters)],
  ['memory', sizeText(answer.residentBytes)],
  ['data', answer.dataDirectory],
  ['configuration', answer.configuration],
  ...answer.ports.map(port => ['port', `${port.address}  ${port.purpose}`] as const),
  ...answer.parts.map(({ name, state, detail }) => ['part', `${name}  ${state}  ${detail}`.trimEnd()] as const),
]
