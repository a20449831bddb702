import type { RunCommand } from '../../contract/command.js'
import { Cluster } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { showProgress } from './cluster-progress.js'
import { isSet } from './input-words.js'

/** `caxton cluster rebalance` */
export const run: RunCommand = async context => {
  const connector = await context.connect()
  const dryRun = isSet(context.input, 'dry-run')
  await showProgress(context, connector.serverStream(Cluster.method.rebalance, { dryRun }, context.signal))
  return 0
}
