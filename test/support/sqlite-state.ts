import { SystemClock } from '../../kernel/observability/system-clock.js'
import type { SqliteStateConfig } from '../../plugins/state-sqlite/sqlite-state-config.js'
import { SqliteState } from '../../plugins/state-sqlite/sqlite-state.js'
import { QuietContext } from './quiet-context.js'

/** The plugin's defaults, as the program sees them; a longer time-out, for a machine that does much else. */
const DEFAULTS: SqliteStateConfig = {
  file: undefined, synchronous: 'full', timeout: 30_000, queue: 64 * 1024 * 1024, max_size: undefined,
}

/** State in a data directory, not started. */
export function sqliteState (
  dataDirectory: string, config: Partial<SqliteStateConfig> = {}, context = new QuietContext('state-sqlite'),
): SqliteState {
  const node = { nodeId: 'node-1', zone: 'a', dataDirectory, startedAt: 0, version: '0.0.0' }
  return new SqliteState(node, new SystemClock(), { ...DEFAULTS, ...config }, context)
}
