import type { RunCommand } from '../../contract/command.js'
import { Cluster } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { argument, isSet } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton cluster remove` */
export const run: RunCommand = async context => {
  const { input, terminal } = context
  const nodeId = argument(input, 'NODE')
  await askServer(context, Cluster.method.remove, { nodeId, force: isSet(input, 'force') })
  terminal.item(`${nodeId} is removed from the cluster`, { nodeId, removed: true })
  return 0
}
