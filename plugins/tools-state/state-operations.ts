import { operations, State, type Handlers, type OperationContext, type OperationService } from '../../kernel/contract/index.js'
import { StateArgumentsInvalid } from './state-tool-errors.js'
import type { StateTool } from './state-tool.js'
import { isObject } from './tool/call-arguments.js'
import { stateToolNamed } from './tool/state-tool-definitions.js'

/** The operations on state: the tools, for whoever may call operations, and carrying all of it elsewhere. */
export const stateOperations: OperationService = operations(State, (main: StateTool): Handlers<typeof State> => ({
  read: ({ tool, argumentsJson }, context) => call(main, { tool, argumentsJson, key: '', changes: false }, context),
  change: ({ tool, argumentsJson, idempotencyKey: key }, context) => call(main, { tool, argumentsJson, key, changes: true }, context),
  export: (request, { signal }) => main.transfer.export(request, signal),
  digest: (request, { signal }) => main.transfer.digest(request, signal),
  import: (requests, { signal }) => main.transfer.import(requests, signal),
}))

interface Asked {
  readonly tool: string
  readonly argumentsJson: string
  readonly key: string
  readonly changes: boolean
}

async function call (main: StateTool, { tool, argumentsJson, key, changes }: Asked, { principal }: OperationContext) {
  // Who may only read must not change anything by naming another tool.
  if (stateToolNamed(tool)?.changes !== changes) {
    const kind = changes ? 'change something' : 'only read'
    throw StateArgumentsInvalid({ argument: 'tool', reason: `is "${tool}", which is none of those that ${kind}` })
  }
  const result = await main.calls.call({
    tool, arguments: argumentsOf(argumentsJson), caller: { principal: principal.name }, ...key === '' ? {} : { key },
  })
  return { answerJson: JSON.stringify(result?.structured ?? {}), isError: result?.isError ?? false }
}

function argumentsOf (json: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw StateArgumentsInvalid({ argument: 'arguments_json', reason: 'is no JSON' }, { cause: error })
  }
  if (!isObject(value)) throw StateArgumentsInvalid({ argument: 'arguments_json', reason: 'is no JSON object' })
  return value
}
