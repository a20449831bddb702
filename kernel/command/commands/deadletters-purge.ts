import type { RunCommand } from '../../contract/command.js'
import { DeadLetters } from '../../contract/proto/caxton/v1/deadletters_pb.js'
import { deliberateFilterOf } from './deadletter-filter.js'
import { rounds } from './deadletter-rounds.js'
import { askServer } from './server-call.js'

/** `caxton deadletters purge` */
export const run: RunCommand = async context => {
  const request = deliberateFilterOf('caxton deadletters purge', context.input)
  const done = await rounds(context, 'Deleting dead letters', page => askServer(context, DeadLetters.method.purge, { ...request, page }))
  const purged = done.reduce((sum, round) => sum + round.purged, 0)
  context.terminal.record([[request.dryRun ? 'would be deleted' : 'deleted', String(purged)]], { purged, dryRun: request.dryRun })
  return 0
}
