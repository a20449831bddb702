import { configSchema, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

export const sqliteStateConfig = configSchema({
  file: {
    doc: 'The database file. Left out: state.db in the data directory of the node.',
    format: 'path',
    default: null,
  },
  synchronous: {
    doc: 'full: what is stored survives a power loss. normal: faster, but a power loss may take the last changes.',
    format: oneOf('full', 'normal'),
    default: 'full',
  },
  timeout: {
    doc: 'How long a call may take before it is answered with STATE_TIMEOUT.',
    format: 'duration',
    default: '5s',
    min: 10,
    max: 600_000,
  },
  queue: {
    doc: 'Most bytes of changes that wait to be written; what would go beyond is refused.',
    format: 'bytes',
    default: '64MiB',
    min: 64 * 1024,
  },
  max_size: {
    doc: 'Most bytes of the database file. Left out: as large as the disk allows.',
    format: 'bytes',
    default: null,
    min: 64 * 1024,
  },
})

export type SqliteStateConfig = ConfigOf<typeof sqliteStateConfig>
