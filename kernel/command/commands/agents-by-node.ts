import type { Column, CommandContext } from '../../contract/command.js'
import {
  Cluster, ListClusterAgentsResponseSchema, type ClusterAgent, type NodeAgents,
} from '../../contract/proto/caxton/v1/cluster_pb.js'
import { wholeNumber } from '../line/values.js'
import { jsonOf } from './answer-data.js'
import { isSet, option } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton agents list --by-node` */
export async function listByNode (context: CommandContext): Promise<number> {
  const { input, terminal } = context
  const answer = await askServer(context, Cluster.method.listAgents, {
    prefix: option(input, 'prefix') ?? '',
    nodeId: option(input, 'node') ?? '',
    after: option(input, 'after') ?? '',
    limit: wholeNumber('`--limit`', option(input, 'limit') ?? '1000', 1, 100_000),
  })
  if (isSet(input, 'names')) {
    for (const { name } of answer.agents) terminal.item(name, name)
    return 0
  }
  terminal.table(answer.agents, COLUMNS, jsonOf(ListClusterAgentsResponseSchema, answer))
  if (terminal.output !== 'human') return 0
  terminal.say(answer.nodes.map(nodeText).join(', '))
  if (answer.stale) terminal.say('this node can\'t reach all nodes: what it knows of the others may be old')
  if (answer.next !== '') terminal.say(`there are more: go on with --after ${answer.next}`)
  return 0
}

const COLUMNS: ReadonlyArray<Column<ClusterAgent>> = [
  { heading: 'NODE', text: ({ nodeId }) => nodeId },
  { heading: 'NAME', text: ({ name }) => name },
  { heading: 'STATE', text: ({ state }) => state },
  { heading: 'CLAIM', text: ({ claim }) => String(claim), right: true },
  { heading: 'DELIVERY', text: ({ delivery }) => delivery },
]

/** `node-1 has 3 agents`, with the node's state if it is not alive. */
const nodeText = ({ nodeId, state, agents }: NodeAgents): string =>
  `${nodeId}${state === 'alive' ? '' : ` (${state})`} has ${agents} ${agents === 1 ? 'agent' : 'agents'}`
