import type { RunCommand } from '../../contract/command.js'
import { Cluster, WatchClusterResponseSchema } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { jsonOf } from './answer-data.js'
import { timeText } from './moment-text.js'

/** `caxton cluster watch` */
export const run: RunCommand = async context => {
  const { terminal, signal } = context
  const connector = await context.connect()
  if (terminal.interactive) terminal.say('watching; Ctrl-C ends it')
  for await (const event of connector.serverStream(Cluster.method.watch, {}, signal)) {
    if (terminal.output === 'human' && event.skipped > 0n) terminal.say(`${event.skipped} events were not shown: there were too many`)
    terminal.item(`${timeText(event.at)} ${event.sentence}`, jsonOf(WatchClusterResponseSchema, event))
  }
  signal.throwIfAborted()
  return 0
}
