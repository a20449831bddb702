import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ClusterKeys, InstallClusterKeyResponseSchema } from '../proto/caxton/v1/cluster_keys_pb.js'
import { reached, report } from './round-report.js'

/** `caxton cluster keys install` */
export const run: RunCommand = async context => {
  const { bytes } = await context.words.content(context.input.arguments['KEY']?.[0] ?? '')
  const connector = await context.connect()
  const key = Buffer.from(bytes).toString('utf8').trim()
  const answer = await connector.unary(ClusterKeys.method.install, { key }, context.signal)
  context.terminal.item(`key ${answer.fingerprint} is installed on ${reached(answer.round)}`,
    toJson(InstallClusterKeyResponseSchema, answer, { alwaysEmitImplicit: true }))
  return report(context, answer.round)
}
