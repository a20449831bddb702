import { definePlugin, Protocols, provision } from '../../kernel/contract/index.js'
import type { ProposeProtocol } from './propose-protocol.js'

export default definePlugin({
  name: 'protocol-propose',
  summary: 'Checks conversations that follow the FIPA Propose protocol.',
  stability: 'stable',
  contract: '^1.0',
  provides: [provision(Protocols, (main: ProposeProtocol) => main.table)],
  main: async () => (await import('./propose-protocol.js')).ProposeProtocol,
})
