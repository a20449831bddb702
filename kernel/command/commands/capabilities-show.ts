import type { RunCommand } from '../../contract/command.js'
import { Capabilities, ShowCapabilityResponseSchema, type Capability } from '../../contract/proto/caxton/v1/capabilities_pb.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton capabilities show` */
export const run: RunCommand = async context => {
  const [name = '', ...version] = argument(context.input, 'NAME').split('@')
  const answer = await askServer(context, Capabilities.method.show, { name, version: version.join('@') })
  const fields = answer.capabilities.flatMap(fieldsOf)
  context.terminal.record([['capability', name], ...fields], jsonOf(ShowCapabilityResponseSchema, answer))
  return 0
}

function fieldsOf (capability: Capability): Array<readonly [string, string]> {
  const costs = Object.entries(capability.costs).map(([name, cost]) => `${cost} ${name}`)
  const said: Array<readonly [string, string]> = [
    ['description', capability.description],
    ['takes', capability.inputSchema],
    ['gives', capability.outputSchema],
    ['costs', costs.join(', ')],
    ['protocols', capability.protocols.join(', ')],
  ]
  return [['agent', `${capability.agent}, version ${capability.version}`], ...said.filter(([, text]) => text !== '')]
}
