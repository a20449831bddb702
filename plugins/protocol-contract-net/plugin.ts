import { definePlugin, Protocols, provision } from '../../kernel/contract/index.js'
import { contractNetErrors } from './contract-net-errors.js'
import type { ContractNetProtocol } from './contract-net-protocol.js'

export default definePlugin({
  name: 'protocol-contract-net',
  summary: 'Checks conversations that follow the FIPA Contract Net protocol.',
  stability: 'stable',
  contract: '^1.0',
  provides: [provision(Protocols, (main: ContractNetProtocol) => main.table)],
  errors: contractNetErrors,
  main: async () => (await import('./contract-net-protocol.js')).ContractNetProtocol,
})
