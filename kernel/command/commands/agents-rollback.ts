import type { RunCommand } from '../../contract/command.js'
import { Agents, RollbackAgentResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { agentSentence, changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton agents rollback` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  const answer = await askServer(context, Agents.method.rollback, { name })
  const version = answer.agent === undefined ? '' : `; version ${answer.agent.version} gets what begins`
  const row = changeRow('rolled back', `${agentSentence(name, answer.agent)}${version}`, answer.queued)
  context.terminal.record([row], jsonOf(RollbackAgentResponseSchema, answer))
  return 0
}
