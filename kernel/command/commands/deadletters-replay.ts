import type { RunCommand } from '../../contract/command.js'
import { DeadLetters } from '../../contract/proto/caxton/v1/deadletters_pb.js'
import { deliberateFilterOf } from './deadletter-filter.js'
import { rounds } from './deadletter-rounds.js'
import { askServer } from './server-call.js'

/** `caxton deadletters replay` */
export const run: RunCommand = async context => {
  const request = deliberateFilterOf('caxton deadletters replay', context.input)
  const { method: { replay } } = DeadLetters
  const done = await rounds(context, 'Sending dead letters anew', page => askServer(context, replay, { ...request, page }))
  const replayed = done.reduce((sum, round) => sum + round.replayed, 0)
  const refused: Record<string, number> = {}
  for (const round of done) for (const [reason, count] of Object.entries(round.refused)) refused[reason] = (refused[reason] ?? 0) + count
  const left = Object.entries(refused).map(([reason, count]) => [`refused: ${reason}`, String(count)] as const)
  const what = request.dryRun ? 'would be sent' : 'sent'
  context.terminal.record([[what, String(replayed)], ...left], { replayed, refused, dryRun: request.dryRun })
  return left.length > 0 ? 1 : 0
}
