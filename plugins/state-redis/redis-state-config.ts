import { configSchema, stateConnectionConfig, type ConfigOf } from '../../kernel/contract/index.js'

export const redisStateConfig = configSchema({
  ...stateConnectionConfig,
  port: { doc: 'Its port.', format: 'port', default: 6379 },
  user: { doc: 'Who to log in as. Left out: Redis\'s default user.', format: 'string', default: null },
  database: { doc: 'Number of the database.', format: 'integer', default: 0, min: 0, max: 100_000 },
  prefix: {
    doc: 'What the names of Redis\'s keys begin with. Servers of Caxton with the same prefix share one state.',
    format: 'string', default: 'caxton',
  },
  queue: {
    doc: 'Most calls that wait for an answer; what would go beyond is refused.',
    format: 'integer', default: 1000, min: 1, max: 100_000,
  },
})

export type RedisStateConfig = ConfigOf<typeof redisStateConfig>
