import type { MessageInitShape } from '@bufbuild/protobuf'
import { operations, toolError, type Handlers, type OperationService } from '../../kernel/contract/index.js'
import { callByOperation } from './calls/call-by-operation.js'
import { hashOf, type ToolDefinition } from './definitions/tool-definition.js'
import { ruleText } from './grants/argument-rule.js'
import { isAboutTool, type Grant } from './grants/grant.js'
import type { McpTools } from './mcp-tools.js'
import {
  Tools, type ShowToolResponseSchema, type ToolGrantSchema, type ToolServerStateSchema, type ToolStateSchema,
} from './proto/caxton/v1/tools_pb.js'
import { ToolChangedMeanwhile } from './tools-mcp-errors.js'

/** The operations on tools, for the plugin's `operations`. */
export const toolOperations: OperationService = operations(Tools, (main: McpTools): Handlers<typeof Tools> => ({
  list: async ({ server }, { signal }) => {
    await main.wake(signal)
    return {
      servers: serverStates(main).filter(({ name }) => server === '' || name === server),
      tools: main.tools().filter(({ name }) => server === '' || name.startsWith(`${server}.`)).map(each => toolState(main, each)),
      grants: main.grants.list().map(grantShown),
    }
  },
  show: async ({ name }, { signal }) => toolShown(main, name, await found(main, name, signal)),
  call: (request, context) => callByOperation(main, request, context),
  grant: async ({ agents, tools, arguments: rules }, { principal }) =>
    ({ grant: grantShown(await main.grants.grant(agents, tools, rules, principal.name)) }),
  revoke: async ({ agents, tools }, { principal }) =>
    ({ revoked: (await main.grants.revoke(agents, tools, principal.name)).map(grantShown) }),
  approve: async ({ name, hash }, { principal, signal }) => {
    const definition = await found(main, name, signal)
    if (hash !== '' && hash !== hashOf(definition)) throw ToolChangedMeanwhile({ name })
    await main.pins.agree(name, definition, principal.name)
    return { tool: toolState(main, { name, definition }) }
  },
}))

async function found (main: McpTools, name: string, signal: AbortSignal): Promise<ToolDefinition> {
  await main.wake(signal)
  const definition = main.find(name)
  if (definition === undefined) throw toolError('TOOL_NOT_FOUND', { name: name.slice(0, 256), reason: 'there is no such tool' })
  return definition
}

function serverStates ({ desks }: McpTools): Array<MessageInitShape<typeof ToolServerStateSchema> & { readonly name: string }> {
  return [...desks].map(([name, { link, tools, underWay, isSpared }]) => ({
    name, state: isSpared && link.state === 'ready' ? 'spared' : link.state, reason: link.reason, revision: link.revision,
    tools: tools.size, callsUnderWay: underWay, restarts: link.restarts,
  }))
}

const toolState = (
  main: McpTools, { name, definition }: { readonly name: string, readonly definition: ToolDefinition },
): MessageInitShape<typeof ToolStateSchema> =>
  ({ name, title: definition.title, description: definition.description, consent: main.consentTo(name, definition) })

function toolShown (main: McpTools, name: string, definition: ToolDefinition): MessageInitShape<typeof ShowToolResponseSchema> {
  const { input, output, hints } = definition
  const pin = main.pins.pinOf(name)
  return {
    tool: toolState(main, { name, definition }), inputSchema: jsonOf(input), outputSchema: jsonOf(output), hints: jsonOf(hints),
    hash: hashOf(definition), agreedBy: pin?.by ?? '', agreedAt: BigInt(pin?.at ?? 0),
    agreedDefinition: main.consentTo(name, definition) === 'changed' ? jsonOf(pin?.definition) : '',
    grants: main.grants.list().filter(grant => isAboutTool(grant, name)).map(grantShown),
  }
}

const grantShown = ({ agents, tools, rules, at, by }: Grant): MessageInitShape<typeof ToolGrantSchema> =>
  ({ agents, tools, arguments: rules.map(ruleText), at: BigInt(at), by })

const jsonOf = (value: unknown): string => value === undefined ? '' : JSON.stringify(value)
