import type { Column, RunCommand } from '../../contract/command.js'
import { Agents, ListAgentsResponseSchema, type Agent } from '../../contract/proto/caxton/v1/agents_pb.js'
import { CommandOptionMisused } from '../command-errors.js'
import { listByNode } from './agents-by-node.js'
import { stateText } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { isSet, option } from './input-words.js'
import { spanText } from './moment-text.js'
import { askServer } from './server-call.js'
import { wholeNumber } from '../line/values.js'

/** `caxton agents list` */
export const run: RunCommand = async context => {
  const { input, terminal, clock } = context
  if (isSet(input, 'by-node')) return listByNode(context)
  if (option(input, 'node') !== undefined) {
    throw CommandOptionMisused({ command: 'caxton agents list', option: '--node', problem: 'only has a meaning with `--by-node`' })
  }
  const request = {
    prefix: option(input, 'prefix') ?? '',
    after: option(input, 'after') ?? '',
    limit: wholeNumber('`--limit`', option(input, 'limit') ?? '1000', 1, 100_000),
  }
  const answer = await askServer(context, Agents.method.list, request)
  if (isSet(input, 'names')) {
    for (const { name } of answer.agents) terminal.item(name, name)
    return 0
  }
  terminal.table(answer.agents, columns(clock.now()), jsonOf(ListAgentsResponseSchema, answer))
  if (terminal.output !== 'human') return 0
  if (answer.agents.length === 0) terminal.say('no agents; deploy one with `caxton agents deploy FILE`')
  if (answer.agents.length < answer.total) {
    terminal.say(`${answer.agents.length} of ${answer.total} agents; more with --after or --limit`)
  }
  return 0
}

const columns = (now: number): ReadonlyArray<Column<Agent>> => [
  { heading: 'NAME', text: agent => agent.name },
  { heading: 'STATE', text: stateText },
  {
    heading: 'UPTIME',
    text: ({ startedAt }) => startedAt === 0n ? '-' : spanText(now - Number(startedAt)),
    right: true,
  },
  { heading: 'HANDLED', text: agent => String(agent.messagesHandled), right: true },
  { heading: 'FAILED', text: agent => String(agent.messagesFailed), right: true },
  { heading: 'RESTARTS', text: agent => String(agent.restarts), right: true },
  { heading: 'SHARD', text: agent => String(agent.shard), right: true },
]
