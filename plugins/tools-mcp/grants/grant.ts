import { isNamePattern, matchesName } from '../../../kernel/contract/index.js'
import { fits, readRule, ruleText, type ArgumentRule } from './argument-rule.js'
import { ToolGrantInvalid } from '../tools-mcp-errors.js'

/** Which agents may call which tools, and with which arguments. */
export interface Grant {
  readonly agents: string
  readonly tools: string
  readonly rules: readonly ArgumentRule[]
  readonly at: number
  /** The principal that granted it, or `configuration`. */
  readonly by: string
}

export const CONFIGURED = 'configuration'
const MOST_RULES = 16
/** What neither a pattern nor a rule contains. */
const BETWEEN = '\n'

/** Checks what was asked for. Throws `TOOL_GRANT_INVALID`. */
export function grantOf (agents: string, tools: string, rules: readonly string[], at: number, by: string): Grant {
  if (!isNamePattern(agents)) throw ToolGrantInvalid({ part: 'the agents of a grant', value: agents.slice(0, 64) })
  if (!isNamePattern(tools)) throw ToolGrantInvalid({ part: 'the tools of a grant', value: tools.slice(0, 64) })
  if (rules.length > MOST_RULES) throw ToolGrantInvalid({ part: `one of more than ${MOST_RULES} rules`, value: rules[MOST_RULES] ?? '' })
  const read = rules.map(text => readRule(text) ?? invalidRule(text))
  return { agents, tools, rules: read.toSorted((one, other) => ruleText(one) < ruleText(other) ? -1 : 1), at, by }
}

/** Equal for grants that say the same. */
export const keyOf = ({ agents, tools, rules }: Pick<Grant, 'agents' | 'tools' | 'rules'>): string =>
  [agents, tools, ...rules.map(ruleText)].join(BETWEEN)

/** Whether it is about this agent and this tool. */
export const isAbout = ({ agents, tools }: Grant, agent: string, tool: string): boolean =>
  matchesName(agents, agent) && matchesName(tools, tool)

export const allows = ({ rules }: Grant, given: Readonly<Record<string, unknown>>): boolean => rules.every(rule => fits(rule, given))

function invalidRule (text: string): never {
  throw ToolGrantInvalid({ part: 'what an argument must be like', value: text.slice(0, 64) })
}

/** Whether it is about this tool, whoever calls it. */
export const isAboutTool = ({ tools }: Grant, tool: string): boolean => matchesName(tools, tool)
