import { ProtocolError, ProtocolErrorCode, Server, type CallToolResult, type Tool } from '@modelcontextprotocol/server'
import { CALLER_KEY, IDEMPOTENCY_KEY, type ToolCaller } from '../../../kernel/contract/index.js'
import { isObject } from '../tool/call-arguments.js'
import type { StateCallResult } from '../tool/state-call.js'
import type { StateCaller } from '../tool/state-calls.js'
import { STATE_TOOLS, type StateToolDefinition } from '../tool/state-tool-definitions.js'

/** The list never changes while a server runs. */
const LIST_TTL_MS = 3_600_000
const KEY_LENGTH = 256

/**
 * The MCP server with the state tools, for one connection, in whichever revision the client speaks.
 *
 * @param callerOf Who calls, from the request's `_meta`.
 */
export function stateMcpServer (
  calls: StateCaller, version: string, callerOf: (meta: Readonly<Record<string, unknown>>) => ToolCaller | undefined,
): Server {
  const server = new Server({ name: 'caxton-state', version, title: 'State of Caxton' }, {
    capabilities: { tools: {} },
    instructions: 'Keeps JSON values under keys. Keys are names joined by slashes; each caller has a key space of its own.',
    cacheHints: { 'tools/list': { ttlMs: LIST_TTL_MS, cacheScope: 'public' } },
  })
  server.setRequestHandler('tools/list', () => ({ tools: STATE_TOOLS.map(listed) }))
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const meta: Readonly<Record<string, unknown>> = { ...context.mcpReq._meta }
    const caller = callerOf(meta)
    if (!caller) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `_meta has no ${CALLER_KEY}`)
    const key = meta[IDEMPOTENCY_KEY]
    const isKey = typeof key === 'string' && key !== '' && key.length <= KEY_LENGTH
    const result = await calls.call({ tool: params.name, arguments: params.arguments ?? {}, caller, ...isKey ? { key } : {} })
    if (!result) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `there is no tool "${params.name}"`)
    return answered(result)
  })
  return server
}

/** Who calls, as the host of this process says. */
export function callerFromHost (meta: Readonly<Record<string, unknown>>): ToolCaller | undefined {
  const caller = meta[CALLER_KEY]
  if (!isObject(caller)) return undefined
  const { agent, principal } = caller
  if (typeof agent === 'string' && agent !== '') return { agent }
  return typeof principal === 'string' && principal !== '' ? { principal } : undefined
}

const listed = ({ name, description, input, output, changes }: StateToolDefinition): Tool => ({
  name,
  description,
  inputSchema: { ...input, type: 'object' },
  outputSchema: { ...output, type: 'object' },
  annotations: {
    readOnlyHint: !changes, destructiveHint: changes, idempotentHint: name !== 'compare_and_set', openWorldHint: false,
  },
})

const answered = ({ structured, isError }: StateCallResult): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(structured) }],
  structuredContent: { ...structured },
  ...isError ? { isError } : {},
})
