import { defineError, type CaxtonError, type ErrorDefinition, type ErrorEntry } from '../errors.js'
import type { ToolFailureCode } from './tools.js'

/** What a call failed with: the tool, and why in words. */
export interface FailedCall {
  readonly name: string
  readonly reason: string
}

const failure = (entry: ErrorEntry): ErrorDefinition<FailedCall> =>
  defineError({ ...entry, sentence: ({ name, reason }: FailedCall) => `the tool "${name}" has no result: ${reason}` })

const GRANTS = 'See who may call what with `caxton tools list --grants`, and grant it with `caxton tools grant AGENTS TOOLS`. '
const SERVERS = 'See how its server does, and why, with `caxton tools list --servers`; the log of this server has what it said.'

const DEFINITIONS: Readonly<Record<ToolFailureCode, ErrorDefinition<FailedCall>>> = {
  TOOL_NOT_FOUND: failure({
    code: 'TOOL_NOT_FOUND', kind: 'not-found',
    meaning: 'No tool server of that name is configured, or it has no such tool, or it has not said yet what it has.',
    remedy: 'See the tools and how their servers do with `caxton tools list`.',
  }),
  TOOL_NOT_GRANTED: failure({
    code: 'TOOL_NOT_GRANTED', kind: 'denied',
    meaning: 'The agent may not call the tool: not at all, not with these arguments, or not by the permissions of its deployment.',
    remedy: GRANTS + 'It also needs the permission from its deployment: `--allow \'call:SERVER.*\'`.',
  }),
  TOOL_NOT_APPROVED: failure({
    code: 'TOOL_NOT_APPROVED', kind: 'precondition',
    meaning: 'The tool is not defined as it was when somebody agreed to it, or nobody has agreed yet.',
    remedy: 'Look at both definitions with `caxton tools show TOOL`. If the new one is harmless, agree with `caxton tools approve TOOL`.',
  }),
  TOOL_ARGUMENTS_INVALID: failure({
    code: 'TOOL_ARGUMENTS_INVALID', kind: 'invalid',
    meaning: 'The arguments of a call are no JSON object, or not what the tool takes.',
    remedy: 'See what it takes with `caxton tools show TOOL`.',
  }),
  TOOL_BUSY: failure({
    code: 'TOOL_BUSY', kind: 'exhausted',
    meaning: 'As many calls are under way as may be: of this agent, to this server, or in all. Nothing was done.',
    remedy: 'Try again later, or raise `agents.tool_calls`, or `calls` of tools-mcp, in the configuration.',
  }),
  TOOL_UNAVAILABLE: failure({
    code: 'TOOL_UNAVAILABLE', kind: 'unavailable',
    meaning: 'The tool\'s server is not there, went away, or failed so often lately that it is spared for a while.',
    remedy: SERVERS,
  }),
  TOOL_TIMEOUT: failure({
    code: 'TOOL_TIMEOUT', kind: 'timeout',
    meaning: 'No answer of the tool came in time. Whether it was carried out is not known.',
    remedy: 'Make the call again with the same key if the tool heeds keys. If it needs longer, raise `timeout` of its server.',
  }),
  TOOL_CANCELLED: failure({
    code: 'TOOL_CANCELLED', kind: 'cancelled',
    meaning: 'Whoever called the tool withdrew the call or is gone, or the server stops.',
    remedy: 'None is needed. Whether the tool did it all the same is not known.',
  }),
  TOOL_RESULT_TOO_LARGE: failure({
    code: 'TOOL_RESULT_TOO_LARGE', kind: 'exhausted',
    meaning: 'The tool answered with more than may be taken: by the agent, whose messages have a limit, or by the server.',
    remedy: 'Ask for less, or raise `result_size` of tools-mcp, and `agents.message_size`.',
  }),
  TOOL_FAILED: failure({
    code: 'TOOL_FAILED', kind: 'unavailable',
    meaning: 'The tool itself says that it failed, or what it said can\'t be understood.',
    remedy: 'The reason is the tool\'s own. Its documentation, or whoever runs it, knows more.',
  }),
}

/** The reasons why a call of a tool has no result, as errors. Agents get the code in the content of a `failure`. */
export const toolErrors = Object.values(DEFINITIONS)

/** A failed call as an error. */
export const toolError = (code: ToolFailureCode, call: FailedCall): CaxtonError<FailedCall> => DEFINITIONS[code](call)
