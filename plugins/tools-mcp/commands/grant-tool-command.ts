import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { GrantToolResponseSchema, Tools } from '../proto/caxton/v1/tools_pb.js'
import { argumentOf, grantText } from './tool-words.js'

/** `caxton tools grant` */
export const run: RunCommand = async context => {
  const given = context.input.options['argument']
  const connector = await context.connect()
  const answer = await connector.unary(Tools.method.grant, {
    agents: argumentOf(context, 'AGENTS'), tools: argumentOf(context, 'TOOLS'),
    arguments: given === undefined || given === true ? [] : [...given],
  }, context.signal)
  const { grant } = answer
  context.terminal.item(grant === undefined ? '' : grantText(grant), toJson(GrantToolResponseSchema, answer, { alwaysEmitImplicit: true }))
  if (context.terminal.output === 'human') {
    context.terminal.say('An agent also needs the permission from its deployment: `caxton agents deploy FILE --allow \'call:SERVER.*\'`.')
  }
  return 0
}
