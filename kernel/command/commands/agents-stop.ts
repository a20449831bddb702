import type { RunCommand } from '../../contract/command.js'
import { Agents, StopAgentResponseSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { agentSentence, changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { argument, option } from './input-words.js'
import { ANSWER_WITHIN, askServer } from './server-call.js'
import { duration } from '../line/values.js'

/** `caxton agents stop` */
export const run: RunCommand = async context => {
  const name = argument(context.input, 'AGENT')
  // To the server 0 means its default, not at once.
  const drainMilliseconds = Math.max(1, duration('`--drain`', option(context.input, 'drain') ?? '30s'))
  const within = drainMilliseconds + ANSWER_WITHIN
  const answer = await askServer(context, Agents.method.stop, { name, drainMilliseconds }, within)
  context.terminal.record([changeRow('stopped', agentSentence(name, answer.agent), answer.queued)], jsonOf(StopAgentResponseSchema, answer))
  return 0
}
