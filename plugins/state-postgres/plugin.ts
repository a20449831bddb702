import { ClockToken, definePlugin, StateBackendToken } from '../../kernel/contract/index.js'
import { postgresStateConfig } from './postgres-state-config.js'

export default definePlugin({
  name: 'state-postgres',
  summary: 'Keeps what agents store with the state tool in a table of a PostgreSQL database, for one node or many.',
  stability: 'beta',
  contract: '^1.0',
  provides: [StateBackendToken],
  needs: [ClockToken],
  asks: ['net.dial', 'fs.read'],
  config: postgresStateConfig,
  main: async () => (await import('./postgres-state.js')).PostgresState,
})
