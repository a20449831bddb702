import type { RunCommand } from '../../contract/command.js'
import { Agents, QuarantineAgentResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { agentSentence, changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { argument, option } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton agents quarantine` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  const answer = await askServer(context, Agents.method.quarantine, { name, reason: option(context.input, 'reason') ?? '' })
  const row = changeRow('quarantined', agentSentence(name, answer.agent), answer.queued)
  context.terminal.record([row], jsonOf(QuarantineAgentResponseSchema, answer))
  return 0
}
