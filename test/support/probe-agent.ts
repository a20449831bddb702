import { AgentHarness } from './agent-harness.js'
import { compileAgent } from './compiled-agents.js'
import type { TestFrame } from './frame-codec.js'

/** Who gives the orders. */
export const SENDER = 4n << 32n | 21n

/** The agent that does with the SDK what each request says, not started. */
export const newProbe = (): AgentHarness => new AgentHarness(compileAgent('test/fixtures/agents/assembly/probe.ts'))

export function startedProbe (): AgentHarness {
  const agent = newProbe()
  agent.start('the configuration')
  return agent
}

/** The request to do something. */
export const order = (what: string, more: object = {}, frame: Partial<TestFrame> = {}): Partial<TestFrame> =>
  ({ sender: SENDER, ...frame, content: JSON.stringify({ do: what, ...more }) })

/** Gives an order, and reads the answer as JSON. */
export const askProbe = (
  agent: AgentHarness, what: string, more: object = {}, frame: Partial<TestFrame> = {},
): Record<string, unknown> => JSON.parse(agent.ask(order(what, more, frame)).content) as Record<string, unknown>
