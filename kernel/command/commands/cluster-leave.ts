import type { RunCommand } from '../../contract/command.js'
import { Cluster } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { duration } from '../line/values.js'
import { showProgress } from './cluster-progress.js'
import { isSet, option } from './input-words.js'

/** `caxton cluster leave` */
export const run: RunCommand = async context => {
  const { input, terminal, signal } = context
  const drain = option(input, 'drain')
  const connector = await context.connect()
  await showProgress(context, connector.serverStream(Cluster.method.leave, {
    drainMilliseconds: drain === undefined ? 0 : Math.max(1, duration('`--drain`', drain)),
    force: isSet(input, 'force'),
  }, signal))
  if (terminal.output === 'human') {
    terminal.say('The server runs on outside of the cluster: stop it with `caxton server stop`. Started again, it joins again.')
  }
  return 0
}
