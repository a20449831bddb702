import type { RunCommand } from '../../contract/command.js'
import { Agents, PromoteAgentResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { agentSentence, changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton agents promote` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  const answer = await askServer(context, Agents.method.promote, { name })
  const version = answer.agent === undefined ? '' : `; version ${answer.agent.version} gets what begins`
  const row = changeRow('promoted', `${agentSentence(name, answer.agent)}${version}`, answer.queued)
  context.terminal.record([row], jsonOf(PromoteAgentResponseSchema, answer))
  return 0
}
