import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ClusterKeys, ListClusterKeysResponseSchema } from '../proto/caxton/v1/cluster_keys_pb.js'
import { report } from './round-report.js'

/** `caxton cluster keys list` */
export const run: RunCommand = async context => {
  const connector = await context.connect()
  const answer = await connector.unary(ClusterKeys.method.list, {}, context.signal)
  const asked = answer.round?.asked ?? 0
  context.terminal.table(answer.keys, [
    { heading: 'FINGERPRINT', text: ({ fingerprint }) => fingerprint },
    { heading: 'NODES', text: ({ nodes }) => `${nodes}/${asked}`, right: true },
    { heading: 'IN USE', text: ({ inUse }) => `${inUse}/${asked}`, right: true },
  ], toJson(ListClusterKeysResponseSchema, answer, { alwaysEmitImplicit: true }))
  return report(context, answer.round)
}
