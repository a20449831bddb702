import type { CommandContext } from '../../../kernel/contract/index.js'
import type { ClusterKeyRound } from '../proto/caxton/v1/cluster_keys_pb.js'

/** Says what went wrong with a round; the exit code. */
export function report (context: CommandContext, round: ClusterKeyRound | undefined): number {
  if (round === undefined) return 1
  for (const { nodeId, reason } of round.failures) context.terminal.say(`${nodeId}: ${reason}`)
  const silent = round.asked - round.answered
  if (silent > 0) context.terminal.say(`${silent} of ${round.asked} nodes did not answer in time: run the command again`)
  return silent > 0 || round.failures.length > 0 ? 1 : 0
}

/** How many nodes did it: `3 of 3 nodes`. */
export const reached = (round: ClusterKeyRound | undefined): string =>
  `${(round?.answered ?? 0) - (round?.failures.length ?? 0)} of ${round?.asked ?? 0} nodes`
