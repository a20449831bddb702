import type { RunCommand } from '../../contract/command.js'
import { Cluster, RejoinClusterResponseSchema } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { jsonOf } from './answer-data.js'
import { askServer } from './server-call.js'

/** `caxton cluster rejoin` */
export const run: RunCommand = async context => {
  const { input, terminal } = context
  const answer = await askServer(context, Cluster.method.rejoin, { seeds: [...input.arguments['SEED'] ?? []] })
  terminal.item(`joined through ${answer.joined} ${answer.joined === 1 ? 'node' : 'nodes'}`, jsonOf(RejoinClusterResponseSchema, answer))
  return 0
}
