import type { RunCommand } from '../../contract/command.js'
import {
  Agents, InspectAgentResponseSchema, type Agent, type InspectAgentResponse,
} from '../../contract/proto/caxton/v1/agents_pb.js'
import { stateText } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { groupText } from './group-place.js'
import { argument } from './input-words.js'
import { momentText, sizeText } from './moment-text.js'
import { rolloutFields } from './rollout-text.js'
import { askServer } from './server-call.js'

/** `caxton agents inspect` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  const answer = await askServer(context, Agents.method.inspect, { name })
  const agent = answer.agent === undefined ? [] : agentFields(answer.agent)
  context.terminal.record([...agent, ...rolloutFields(answer), ...detailFields(answer)], jsonOf(InspectAgentResponseSchema, answer))
  return 0
}

const agentFields = (agent: Agent): Array<readonly [string, string]> => [
  ['name', agent.name],
  ['state', stateText(agent)],
  ...(agent.reason === '' ? [] : [['reason', agent.reason] as const]),
  ['version', String(agent.version)],
  ...(agent.node === '' ? [] : [['node', agent.node] as const]),
  ...(agent.group === '' ? [] : [['group', groupText(agent)] as const]),
  ['module', agent.module],
  ['deployed', momentText(agent.deployedAt)],
  ['started', momentText(agent.startedAt)],
  ['shard', String(agent.shard)],
  ['messages', `${agent.messagesHandled} handled, ${agent.messagesFailed} failed`],
  ['restarts', String(agent.restarts)],
]

function detailFields (answer: InspectAgentResponse): Array<readonly [string, string]> {
  const { limits } = answer
  return [
    ['sent', String(answer.messagesSent)],
    ['mailbox', `${answer.mailboxMessages}${limits === undefined ? '' : ` of ${limits.mailboxMessages}`} messages`],
    ['memory', `${sizeText(answer.memoryBytes)}${limits === undefined ? '' : ` of ${sizeText(limits.memoryBytes)}`}`],
    ['module size', sizeText(answer.moduleBytes)],
    ['fuel used', String(answer.fuelUsed)],
    ...(limits === undefined ? [] : [
      ['fuel limits', `${limits.fuelPerMessage} a message, ${limits.fuelPerStart} to start`] as const,
      ['message limit', sizeText(limits.messageBytes)] as const,
      ['rates', `${limits.messagesPerSecond === 0 ? 'any number of' : limits.messagesPerSecond} messages and ${limits.logLinesPerSecond} `
        + 'log lines a second'] as const,
    ]),
    ['delivery', answer.delivery],
    ['permissions', answer.permissions.join(', ') || '-'],
    ['signed by', answer.signedBy || '-'],
    ['denied', String(answer.denied)],
    ['capabilities', answer.capabilities.join(', ') || '-'],
  ]
}
