import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { RevokeToolResponseSchema, Tools } from '../proto/caxton/v1/tools_pb.js'
import { argumentOf } from './tool-words.js'

/** `caxton tools revoke` */
export const run: RunCommand = async context => {
  const agents = argumentOf(context, 'AGENTS')
  const tools = argumentOf(context, 'TOOLS')
  const connector = await context.connect()
  const answer = await connector.unary(Tools.method.revoke, { agents, tools }, context.signal)
  const line = answer.revoked.length === 1 ? 'one grant' : `${answer.revoked.length} grants`
  context.terminal.item(`${line} to "${agents}" on "${tools}" revoked`,
    toJson(RevokeToolResponseSchema, answer, { alwaysEmitImplicit: true }))
  return 0
}
