import { definePlugin, Protocols, provision } from '../../kernel/contract/index.js'
import type { RequestProtocol } from './request-protocol.js'

export default definePlugin({
  name: 'protocol-request',
  summary: 'Checks conversations that follow the FIPA Request protocol.',
  stability: 'stable',
  contract: '^1.0',
  provides: [provision(Protocols, (main: RequestProtocol) => main.table)],
  main: async () => (await import('./request-protocol.js')).RequestProtocol,
})
