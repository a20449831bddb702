import { operations, type Handlers, type OperationService } from '../../../kernel/contract/index.js'
import type { ClusterSwim } from '../cluster-swim.js'
import { ClusterKeys } from '../proto/caxton/v1/cluster_keys_pb.js'
import type { KeyRound } from './key-rounds.js'

/** The operations on the cluster's keys. */
export const keyOperations: OperationService = operations(ClusterKeys, (main: ClusterSwim): Handlers<typeof ClusterKeys> => ({
  list: async (_request, { signal }) => {
    const { keys, round } = await main.keyRounds.list(signal)
    return { keys: [...keys], round: told(round) }
  },
  install: async ({ key }, { signal }) => {
    const { fingerprint, round } = await main.keyRounds.install(key, signal)
    return { fingerprint, round: told(round) }
  },
  use: async ({ fingerprint }, { signal }) => ({ round: told(await main.keyRounds.use(fingerprint, signal)) }),
  remove: async ({ fingerprint }, { signal }) => ({ round: told(await main.keyRounds.remove(fingerprint, signal)) }),
}))

const told = ({ failures, ...counts }: KeyRound) => ({ ...counts, failures: [...failures] })
