import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ClusterKeys, RemoveClusterKeyResponseSchema } from '../proto/caxton/v1/cluster_keys_pb.js'
import { reached, report } from './round-report.js'

/** `caxton cluster keys remove` */
export const run: RunCommand = async context => {
  const fingerprint = context.input.arguments['FINGERPRINT']?.[0] ?? ''
  const connector = await context.connect()
  const answer = await connector.unary(ClusterKeys.method.remove, { fingerprint }, context.signal)
  context.terminal.item(`key ${fingerprint} is removed from ${reached(answer.round)}`,
    toJson(RemoveClusterKeyResponseSchema, answer, { alwaysEmitImplicit: true }))
  return report(context, answer.round)
}
