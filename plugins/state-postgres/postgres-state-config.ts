import { configSchema, stateConnectionConfig, type ConfigOf } from '../../kernel/contract/index.js'

export const postgresStateConfig = configSchema({
  ...stateConnectionConfig,
  port: { doc: 'Its port.', format: 'port', default: 5432 },
  database: { doc: 'The database.', format: 'string', default: 'caxton' },
  user: { doc: 'Who to log in as.', format: 'string', default: 'caxton' },
  table: {
    doc: 'The table, made at the first start with one more, NAME_version. Small letters, digits and _.',
    format: 'string', default: 'caxton_state',
  },
  connections: { doc: 'Most connections at once.', format: 'integer', default: 10, min: 1, max: 1000 },
  queue: {
    doc: 'Most calls that wait for a connection; what would go beyond is refused.',
    format: 'integer', default: 1000, min: 1, max: 100_000,
  },
})

export type PostgresStateConfig = ConfigOf<typeof postgresStateConfig>
