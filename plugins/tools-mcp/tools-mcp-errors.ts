import { defineError } from '../../kernel/contract/index.js'

export const ToolServerInvalid = defineError({
  code: 'TOOL_SERVER_INVALID',
  kind: 'configuration',
  meaning: 'What the configuration says of a tool server can\'t be: its name, where it is, its variables or headers.',
  remedy: 'Correct the table `[plugins.tools-mcp.servers.NAME]`: a name of lower-case letters, digits and dashes, and either '
    + '`command` or `url`; docs/tools.md has examples.',
  sentence: (d: { name: string, problem: string }) => `the tool server "${d.name}" ${d.problem}`,
})

export const ToolGrantInvalid = defineError({
  code: 'TOOL_GRANT_INVALID',
  kind: 'invalid',
  meaning: 'A grant can\'t be read: its agents, its tools, or what it says of arguments.',
  remedy: 'Agents and tools are names in which * means any characters, of at most 255; an argument is `NAME=PATTERN`, of an object inside '
    + '`NAME.NAME=PATTERN`.',
  sentence: (d: { part: string, value: string }) => `"${d.value}" can't be ${d.part}`,
})

export const ToolGrantNotFound = defineError({
  code: 'TOOL_GRANT_NOT_FOUND',
  kind: 'not-found',
  meaning: 'There is no such grant, or it stands in the configuration.',
  remedy: 'See the grants with `caxton tools list --grants`; those of the configuration are changed there.',
  sentence: (d: { agents: string, tools: string }) => `nothing is granted to "${d.agents}" on "${d.tools}" that could be revoked`,
})

export const ToolGrantsFull = defineError({
  code: 'TOOL_GRANTS_FULL',
  kind: 'exhausted',
  meaning: 'There are as many grants as are kept: 10,000, or 8 MiB of them.',
  remedy: 'Revoke some with `caxton tools revoke`, or grant with patterns.',
  sentence: (d: { grants: number }) => `there are ${d.grants} grants already, and no room for more`,
})

export const ToolApprovalsFull = defineError({
  code: 'TOOL_APPROVALS_FULL',
  kind: 'exhausted',
  meaning: 'As many tools were agreed to as are kept.',
  remedy: 'Set `consent = "changed"` under `[plugins.tools-mcp]`, so that new tools need no agreement.',
  sentence: (d: { most: number }) => `${d.most} tools were agreed to already`,
})

export const ToolChangedMeanwhile = defineError({
  code: 'TOOL_CHANGED_MEANWHILE',
  kind: 'precondition',
  meaning: 'A tool was to be agreed to by the hash of its definition, and its server defines it otherwise by now.',
  remedy: 'Look at it again with `caxton tools show NAME`.',
  sentence: (d: { name: string }) => `"${d.name}" is not defined any more as it was when you looked`,
})

export const toolsMcpErrors = [
  ToolServerInvalid, ToolGrantInvalid, ToolGrantNotFound, ToolGrantsFull, ToolApprovalsFull, ToolChangedMeanwhile,
] as const
