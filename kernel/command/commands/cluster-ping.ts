import type { RunCommand } from '../../contract/command.js'
import { Cluster, PingNodeResponseSchema } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { wholeNumber } from '../line/values.js'
import { jsonOf } from './answer-data.js'
import { argument, option } from './input-words.js'
import { millisecondsText } from './moment-text.js'
import { callServer } from './server-call.js'

/** `caxton cluster ping` */
export const run: RunCommand = async context => {
  const { input, terminal } = context
  const nodeId = argument(input, 'NODE')
  const count = wholeNumber('`--count`', option(input, 'count') ?? '3', 1, 1000)
  for (let round = 0; round < count; round++) {
    const answer = await callServer(context, (connector, signal) => connector.unary(Cluster.method.ping, { nodeId }, signal))
    terminal.item(`${nodeId} answered in ${millisecondsText(answer.roundTripMilliseconds)}`, jsonOf(PingNodeResponseSchema, answer))
  }
  return 0
}
