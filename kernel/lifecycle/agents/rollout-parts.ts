import type { Clock, Logger } from '../../contract/index.js'
import type { Directory } from '../../routing/directory/directory.js'
import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import type { ShardPool } from '../shards/shard-pool.js'
import type { AgentLife } from './agent-life.js'
import type { AgentLocks } from './agent-locks.js'
import type { AgentRoster } from './agent-roster.js'
import type { AgentStore } from './agent-store.js'

/** What `Rollouts` work with. */
export interface RolloutParts {
  readonly settings: Pick<AgentsConfiguration, 'max'>
  readonly roster: AgentRoster
  readonly life: AgentLife
  readonly locks: AgentLocks
  readonly store: AgentStore
  readonly directory: Directory
  readonly pool: Pick<ShardPool, 'link' | 'links' | 'counters'>
  readonly clock: Clock
  readonly log: Logger
  /** Conversations of callers that an agent is part of. */
  readonly ofCallers: (handle: number) => number
}
