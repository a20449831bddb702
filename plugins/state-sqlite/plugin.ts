import { ClockToken, definePlugin, NodeToken, StateBackendToken } from '../../kernel/contract/index.js'
import { sqliteStateConfig } from './sqlite-state-config.js'
import { sqliteStateErrors } from './sqlite-state-errors.js'

export default definePlugin({
  name: 'state-sqlite',
  summary: 'Keeps what agents store with the state tool in one SQLite file of this node.',
  stability: 'beta',
  contract: '^1.0',
  provides: [StateBackendToken],
  needs: [NodeToken, ClockToken],
  asks: ['fs.read', 'fs.write'],
  config: sqliteStateConfig,
  errors: sqliteStateErrors,
  main: async () => (await import('./sqlite-state.js')).SqliteState,
})
