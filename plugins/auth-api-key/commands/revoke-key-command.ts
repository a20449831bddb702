import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ApiKeys, RevokeApiKeyResponseSchema } from '../proto/caxton/v1/api_keys_pb.js'

/** `caxton auth revoke-key` */
export const run: RunCommand = async context => {
  const connector = await context.connect()
  const name = context.input.arguments['NAME']?.[0] ?? ''
  const answer = await connector.unary(ApiKeys.method.revoke, { name }, context.signal)
  context.terminal.item(`key "${answer.described?.name ?? name}" is revoked: it lets nobody in any more`,
    toJson(RevokeApiKeyResponseSchema, answer, { alwaysEmitImplicit: true }))
  return 0
}
