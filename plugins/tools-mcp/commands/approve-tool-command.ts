import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ApproveToolResponseSchema, Tools } from '../proto/caxton/v1/tools_pb.js'
import { argumentOf, optionOf } from './tool-words.js'

/** `caxton tools approve` */
export const run: RunCommand = async context => {
  const name = argumentOf(context, 'TOOL')
  const connector = await context.connect()
  const answer = await connector.unary(Tools.method.approve, { name, hash: optionOf(context, 'hash') }, context.signal)
  context.terminal.item(`"${name}" can be called as it is defined now`,
    toJson(ApproveToolResponseSchema, answer, { alwaysEmitImplicit: true }))
  return 0
}
