import { defineError } from '../../contract/errors.js'

export const QuestionMalformed = defineError({
  code: 'CLUSTER_QUESTION_MALFORMED',
  kind: 'invalid',
  meaning: 'A node asked another one for something about agents in a way that it does not understand: their versions differ too much.',
  remedy: 'Bring all nodes to the same version: `caxton cluster members` shows which one each has.',
  sentence: (d: { problem: string }) => `a question of another node makes no sense: ${d.problem}`,
})

export const NodeLeaving = defineError({
  code: 'CLUSTER_NODE_LEAVING',
  kind: 'unavailable',
  meaning: 'The node is about to leave the cluster and takes no agents any more.',
  remedy: 'Name another node, or none.',
  sentence: (d: { nodeId: string }) => `the node "${d.nodeId}" is leaving the cluster`,
})

export const PlacementImpossible = defineError({
  code: 'PLACEMENT_IMPOSSIBLE',
  kind: 'precondition',
  meaning: 'No living node of the cluster may run the agent as its placement says.',
  remedy: 'See with `caxton cluster members` which nodes live; name one of them, or deploy with `--placement least-loaded`.',
  sentence: (d: { agent: string, wish: string }) => `there is no node for the agent "${d.agent}", which is to run ${d.wish}`,
})

export const AgentsNotMoved = defineError({
  code: 'CLUSTER_AGENTS_NOT_MOVED',
  kind: 'precondition',
  meaning: 'Some agents could not go to another node. They run where they were.',
  remedy: 'See to what is named, then try again. To leave without them: `caxton cluster leave --force`.',
  sentence: (d: { problems: readonly string[], more: number }) =>
    `not all agents could be moved: ${d.problems.join('; ')}${d.more === 0 ? '' : `; and ${d.more} more`}`,
})

export const MessagesLeft = defineError({
  code: 'CLUSTER_MESSAGES_LEFT',
  kind: 'precondition',
  meaning: 'Messages that must not be lost are kept on this node, and their receivers did not take them in time.',
  remedy: 'Give it more time with `--drain`, or start the agents that they are for. To leave without them: `caxton cluster leave --force`.',
  sentence: (d: { count: number }) => `${d.count} durable messages wait on this node`,
})

export const movingErrors = [QuestionMalformed, NodeLeaving, PlacementImpossible, AgentsNotMoved, MessagesLeft] as const
