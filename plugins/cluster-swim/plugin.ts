import {
  ClockToken, definePlugin, ListenersToken, MembershipToken, MetricsToken, NodeToken, RandomToken, StoreToken,
} from '../../kernel/contract/index.js'
import { clusterConfig } from './cluster-config.js'
import { clusterErrors } from './cluster-errors.js'
import { keyCommands } from './keys/key-commands.js'
import { keyOperations } from './keys/key-operations.js'

export default definePlugin({
  name: 'cluster-swim',
  summary: 'Finds out which nodes live, by SWIM gossip that agents of Serf understand.',
  stability: 'beta',
  contract: '^1.0',
  provides: [MembershipToken],
  needs: [NodeToken, ClockToken, RandomToken, StoreToken, ListenersToken, MetricsToken],
  asks: ['net.listen', 'net.dial'],
  config: clusterConfig,
  operations: [keyOperations],
  commands: keyCommands,
  errors: clusterErrors,
  main: async () => (await import('./cluster-swim.js')).ClusterSwim,
})
