import type { RunCommand } from '../../contract/command.js'
import { Agents, ReleaseAgentResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { agentSentence, changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton agents release` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  const answer = await askServer(context, Agents.method.release, { name })
  const row = changeRow('released', agentSentence(name, answer.agent), answer.queued)
  context.terminal.record([row], jsonOf(ReleaseAgentResponseSchema, answer))
  return 0
}
