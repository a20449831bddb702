import { ClockToken, definePlugin, NodeToken, optional, Transports } from '../../kernel/contract/index.js'
import { MemoryNetworkToken } from './memory-network-token.js'
import { memoryTransportConfig } from './memory-transport-config.js'

export default definePlugin({
  name: 'transport-memory',
  summary: 'Carries frames between nodes that run in one process: for tests.',
  stability: 'stable',
  contract: '^1.0',
  provides: [Transports],
  needs: [NodeToken, ClockToken, optional(MemoryNetworkToken)],
  config: memoryTransportConfig,
  main: async () => (await import('./memory-transport.js')).MemoryTransport,
})
