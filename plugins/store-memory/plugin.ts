import { definePlugin, StoreToken } from '../../kernel/contract/index.js'
import { memoryStoreConfig } from './memory-store-config.js'

export default definePlugin({
  name: 'store-memory',
  summary: 'Keeps this node\'s state in memory: for tests and for nodes that may forget everything when they stop.',
  stability: 'stable',
  contract: '^1.0',
  provides: [StoreToken],
  config: memoryStoreConfig,
  main: async () => (await import('./memory-store.js')).MemoryStore,
})
