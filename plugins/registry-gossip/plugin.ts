import {
  ClockToken, definePlugin, MembershipToken, MetricsToken, NodeToken, PeersToken, RandomToken, RegistryToken, StoreToken,
} from '../../kernel/contract/index.js'
import { gossipRegistryConfig } from './gossip-registry-config.js'
import { registryErrors } from './registry-errors.js'

export default definePlugin({
  name: 'registry-gossip',
  summary: 'Knows which agent is on which node: each node tells the others of its own agents.',
  stability: 'beta',
  contract: '^1.0',
  provides: [RegistryToken],
  needs: [NodeToken, ClockToken, RandomToken, StoreToken, PeersToken, MembershipToken, MetricsToken],
  config: gossipRegistryConfig,
  errors: registryErrors,
  main: async () => (await import('./gossip-registry.js')).GossipRegistry,
})
