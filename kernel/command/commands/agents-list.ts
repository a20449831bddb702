import type { Column, RunCommand } from '../../contract/command.js'
import { Agents, ListAgentsResponseSchema, type Agent } from '../../contract/proto/caxton/v1/agents_pb.js'
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
  const request = {
    prefix: option(input, 'prefix') ?? '',
    after: option(input, 'after') ?? '',
    node: option(input, 'node') ?? '',
    limit: wholeNumber('`--limit`', option(input, 'limit') ?? '1000', 1, 100_000),
  }
  const answer = await askServer(context, Agents.method.list, request)
  if (isSet(input, 'names')) {
    for (const { name } of answer.agents) terminal.item(name, name)
    return 0
  }
  terminal.table(answer.agents, columnsOf(answer.agents, clock.now()), jsonOf(ListAgentsResponseSchema, answer))
  if (terminal.output !== 'human') return 0
  if (answer.agents.length === 0) terminal.say('no agents; deploy one with `caxton agents deploy FILE`')
  if (answer.agents.length < answer.total) {
    terminal.say(`${answer.agents.length} of ${answer.total} agents; more with --after or --limit`)
  }
  return 0
}

/** In a cluster with the node. */
function columnsOf (agents: readonly Agent[], now: number): ReadonlyArray<Column<Agent>> {
  const [name, ...more] = columns(now)
  if (name === undefined || agents.every(({ node }) => node === '')) return columns(now)
  return [name, { heading: 'NODE', text: ({ node }) => node }, ...more]
}

const columns = (now: number): ReadonlyArray<Column<Agent>> => [
  { heading: 'NAME', text: agent => agent.name },
  { heading: 'STATE', text: stateText },
  {
    heading: 'UPTIME',
    text: ({ startedAt }) => startedAt === 0n ? '-' : spanText(now - Number(startedAt)),
    right: true,
  },
  { heading: 'HANDLED', text: agent => figure(agent, agent.messagesHandled), right: true },
  { heading: 'FAILED', text: agent => figure(agent, agent.messagesFailed), right: true },
  { heading: 'RESTARTS', text: agent => figure(agent, agent.restarts), right: true },
  { heading: 'SHARD', text: agent => figure(agent, agent.shard), right: true },
]

/** Nodes know no counters of the others' agents. */
const figure = ({ node, deployedAt }: Agent, value: bigint | number): string => node !== '' && deployedAt === 0n ? '-' : String(value)
