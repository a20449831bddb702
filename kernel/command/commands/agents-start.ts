import type { RunCommand } from '../../contract/command.js'
import { Agents, StartAgentResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { agentSentence, changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton agents start` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  const answer = await askServer(context, Agents.method.start, { name })
  const row = changeRow('started', agentSentence(name, answer.agent), answer.queued)
  context.terminal.record([row], jsonOf(StartAgentResponseSchema, answer))
  return 0
}
