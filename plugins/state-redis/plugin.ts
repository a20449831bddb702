import { ClockToken, definePlugin, RandomToken, StateBackendToken } from '../../kernel/contract/index.js'
import { redisStateConfig } from './redis-state-config.js'

export default definePlugin({
  name: 'state-redis',
  summary: 'Keeps what agents store with the state tool in a Redis server, for one node or many.',
  stability: 'beta',
  contract: '^1.0',
  provides: [StateBackendToken],
  needs: [ClockToken, RandomToken],
  asks: ['net.dial', 'fs.read'],
  config: redisStateConfig,
  main: async () => (await import('./redis-state.js')).RedisState,
})
