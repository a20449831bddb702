import { definePlugin, Protocols, provision } from '../../kernel/contract/index.js'
import type { IteratedContractNetProtocol } from './iterated-contract-net-protocol.js'

export default definePlugin({
  name: 'protocol-iterated-contract-net',
  summary: 'Checks conversations that follow the FIPA Iterated Contract Net protocol.',
  stability: 'stable',
  contract: '^1.0',
  provides: [provision(Protocols, (main: IteratedContractNetProtocol) => main.table)],
  main: async () => (await import('./iterated-contract-net-protocol.js')).IteratedContractNetProtocol,
})
