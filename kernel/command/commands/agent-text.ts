import { AgentState, type Agent } from '../../contract/proto/caxton/v1/agents_pb.js'

/** The state of an agent in one word. */
export function stateText (agent: Agent): string {
  return agent.quarantined ? 'quarantined' : (AgentState[agent.state] ?? 'unknown').toLowerCase()
}

/** `agent echo is running` and why, if there is a reason. */
export function agentSentence (name: string, agent: Agent | undefined): string {
  if (agent === undefined) return `agent ${name}: the server tells no state`
  return `agent ${agent.name} is ${stateText(agent)}${agent.reason === '' ? '' : `: ${agent.reason}`}`
}

/** One row of an answer: what became of the agent, or that the change waits. */
export function changeRow (did: string, sentence: string, queued: number): readonly [name: string, value: string] {
  if (queued === 0) return [did, sentence]
  return ['queued', `number ${queued} of the changes that wait until a majority of the cluster can be reached`]
}
