import type { RunCommand } from '../../contract/command.js'
import { Agents, RemoveAgentResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { ANSWER_WITHIN, askServer } from './server-call.js'

/** The server drains for at most 30 s before it removes. */
const REMOVE_WITHIN = 30_000 + ANSWER_WITHIN

/** `caxton agents remove` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  const answer = await askServer(context, Agents.method.remove, { name }, REMOVE_WITHIN)
  context.terminal.record([changeRow('removed', `agent ${name} is gone`, answer.queued)], jsonOf(RemoveAgentResponseSchema, answer))
  return 0
}
