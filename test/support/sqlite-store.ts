import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import type { SqliteStoreConfig } from '../../plugins/store-sqlite/sqlite-store-config.js'
import { SqliteStore } from '../../plugins/store-sqlite/sqlite-store.js'
import { noMetrics, QuietContext } from './quiet-context.js'

/** The plugin's defaults, as the program sees them. */
const DEFAULTS: SqliteStoreConfig = {
  file: undefined,
  synchronous: 'full',
  commit_interval: 2,
  queue: 64 * 1024 * 1024,
  cache: 16 * 1024 * 1024,
  max_size: undefined,
  check_at_start: true,
}

/** A store over a data directory, not started. */
export function sqliteStore (
  dataDirectory: string, config: Partial<SqliteStoreConfig> = {}, context = new QuietContext('store'),
): SqliteStore {
  const node = { nodeId: 'node-1', zone: 'a', dataDirectory, startedAt: 0, version: '0.0.0' }
  return new SqliteStore(node, new SystemClock(), noMetrics, { ...DEFAULTS, ...config }, context)
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'caxton-store-'))
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })
export const never = (): AbortSignal => new AbortController().signal
