import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ClusterKeys, UseClusterKeyResponseSchema } from '../proto/caxton/v1/cluster_keys_pb.js'
import { reached, report } from './round-report.js'

/** `caxton cluster keys use` */
export const run: RunCommand = async context => {
  const fingerprint = context.input.arguments['FINGERPRINT']?.[0] ?? ''
  const connector = await context.connect()
  const answer = await connector.unary(ClusterKeys.method.use, { fingerprint }, context.signal)
  context.terminal.item(`${reached(answer.round)} encrypt with key ${fingerprint}`,
    toJson(UseClusterKeyResponseSchema, answer, { alwaysEmitImplicit: true }))
  return report(context, answer.round)
}
