import { definePlugin, Protocols, provision } from '../../kernel/contract/index.js'
import type { SubscribeProtocol } from './subscribe-protocol.js'

export default definePlugin({
  name: 'protocol-subscribe',
  summary: 'Checks conversations that follow the FIPA Subscribe protocol.',
  stability: 'stable',
  contract: '^1.0',
  provides: [provision(Protocols, (main: SubscribeProtocol) => main.table)],
  main: async () => (await import('./subscribe-protocol.js')).SubscribeProtocol,
})
