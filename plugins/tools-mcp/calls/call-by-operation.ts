import type { MessageInitShape } from '@bufbuild/protobuf'
import { toolError, type OperationContext, type ToolProgress, type ToolResult } from '../../../kernel/contract/index.js'
import type { McpTools } from '../mcp-tools.js'
import type { CallToolRequest, CallToolResponseSchema, CallToolResultSchema } from '../proto/caxton/v1/tools_pb.js'

type Answer = MessageInitShape<typeof CallToolResponseSchema>

/** Signs of progress that wait for a caller who reads slowly; of more only the newest counts. */
const WAITING = 64

/** Calls a tool for whoever calls the operation: what happens, as it happens, and the result last. */
export async function * callByOperation (
  main: McpTools, request: CallToolRequest, { principal, trace, signal }: OperationContext,
): AsyncGenerator<Answer, void, undefined> {
  const given = argumentsOf(request.name, request.arguments)
  const happened: ToolProgress[] = []
  let wake = (): void => {}
  let result: ToolResult | undefined
  const deadline = request.timeoutMilliseconds === 0 ? 0 : main.now() + request.timeoutMilliseconds
  const call = {
    tool: request.name, caller: { principal: principal.name }, arguments: given, key: request.key || trace.spanId, trace, deadline,
    progress: (progress: ToolProgress) => {
      if (happened.length >= WAITING) happened.shift()
      happened.push(progress)
      wake()
    },
  }
  const calling = main.call(call, signal).then(came => {
    result = came
    wake()
  })
  while (result === undefined || happened.length > 0) {
    const next = happened.shift()
    if (next !== undefined) yield { happened: { case: 'progress', value: next } }
    else await new Promise<void>(resolve => { wake = resolve })
  }
  await calling
  yield { happened: { case: 'result', value: shown(result) } }
}

function argumentsOf (name: string, text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw toolError('TOOL_ARGUMENTS_INVALID', { name, reason: 'the arguments are no JSON' })
  }
  if (isObject(value)) return value
  throw toolError('TOOL_ARGUMENTS_INVALID', { name, reason: 'the arguments are JSON, but no object' })
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function shown (result: ToolResult): MessageInitShape<typeof CallToolResultSchema> {
  const answer = result.ok ? result.answer : result.details
  return {
    ok: result.ok, ...result.ok ? {} : { code: result.code, reason: result.reason }, text: answer?.text ?? '',
    structured: answer?.structured === undefined ? '' : JSON.stringify(answer.structured),
    parts: answer?.parts.map(part => JSON.stringify(part)) ?? [],
  }
}
