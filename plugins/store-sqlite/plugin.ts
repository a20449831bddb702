import { ClockToken, definePlugin, MetricsToken, NodeToken, StoreToken } from '../../kernel/contract/index.js'
import { sqliteStoreConfig } from './sqlite-store-config.js'
import { sqliteStoreErrors } from './sqlite-store-errors.js'

export default definePlugin({
  name: 'store-sqlite',
  summary: 'Keeps this node\'s state in one SQLite file, safe against crashes and power loss.',
  stability: 'stable',
  contract: '^1.0',
  provides: [StoreToken],
  needs: [NodeToken, ClockToken, MetricsToken],
  asks: ['fs.read', 'fs.write'],
  config: sqliteStoreConfig,
  errors: sqliteStoreErrors,
  main: async () => (await import('./sqlite-store.js')).SqliteStore,
})
