import { randomUUID } from 'node:crypto'
import type { ToolCall, ToolResult, Tools } from '../../../kernel/contract/index.js'

/** What the kit tries: a host of tools that was started, with three tools and two agents. */
export interface ToolsSubject {
  readonly tools: Tools
  /** An agent that may call all three, and one that may call none. */
  readonly allowed: string
  readonly stranger: string
  /** Takes `{"text": ...}` and answers the text. */
  readonly echo: string
  /** Says that it failed, in a text. */
  readonly failing: string
  /** Never answers. */
  readonly endless: string
}

const TRACE = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: false }

/** Calls a tool as the agent that may. */
export function call (
  { tools, allowed }: ToolsSubject, tool: string, given: Readonly<Record<string, unknown>> = {}, more: Partial<ToolCall> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<ToolResult> {
  return tools.call({ tool, arguments: given, caller: { agent: allowed }, key: randomUUID(), trace: TRACE, deadline: 0, ...more }, signal)
}

/** What came of it, in short: its text, or why there is none. */
export const said = (result: ToolResult): string => result.ok ? result.answer.text : result.code
