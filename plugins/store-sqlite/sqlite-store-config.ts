import { configSchema, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

export const sqliteStoreConfig = configSchema({
  file: {
    doc: 'The database file. Left out: caxton.db in the data directory of the node.',
    format: 'path',
    default: null,
  },
  synchronous: {
    doc: 'full: what is committed survives a power loss. normal: faster, but a power loss may take the last commits.',
    format: oneOf('full', 'normal'),
    default: 'full',
  },
  commit_interval: {
    doc: 'How long a batch waits for others to share its transaction while an earlier one is being written.',
    format: 'duration',
    default: '2ms',
    min: 0,
    max: 1000,
  },
  queue: {
    doc: 'Most bytes of batches that wait to be written; what would go beyond is refused.',
    format: 'bytes',
    default: '64MiB',
    min: 64 * 1024,
  },
  cache: {
    doc: 'Memory for pages of the database.',
    format: 'bytes',
    default: '16MiB',
    min: 1024 * 1024,
  },
  max_size: {
    doc: 'Most bytes of the database file. Left out: as large as the disk allows.',
    format: 'bytes',
    default: null,
    min: 64 * 1024,
  },
  check_at_start: {
    doc: 'Reads the whole file at start to find damage. Takes about a second for each GB.',
    format: 'boolean',
    default: true,
  },
})

export type SqliteStoreConfig = ConfigOf<typeof sqliteStoreConfig>
