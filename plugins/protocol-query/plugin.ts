import { definePlugin, Protocols, provision } from '../../kernel/contract/index.js'
import type { QueryProtocol } from './query-protocol.js'

export default definePlugin({
  name: 'protocol-query',
  summary: 'Checks conversations that follow the FIPA Query protocol.',
  stability: 'stable',
  contract: '^1.0',
  provides: [provision(Protocols, (main: QueryProtocol) => main.table)],
  main: async () => (await import('./query-protocol.js')).QueryProtocol,
})
