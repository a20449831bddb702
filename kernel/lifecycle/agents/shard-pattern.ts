import type { AgentEngine, Protocol } from '../../contract/index.js'
import type { KernelConfiguration } from '../configuration/kernel-schema.js'
import type { SharedMemory } from '../shards/shard-memory.js'
import type { ShardPattern } from '../shards/shard-pool.js'
import { limitsOf } from './conversation-limits.js'

/** Most bytes of waiting messages in one shard. */
const SLAB_BYTES = 512 * 1024 * 1024

/** What all shards of a server are born with. */
export interface PatternParts {
  readonly configuration: Pick<KernelConfiguration, 'agents' | 'messages' | 'conversations' | 'tracing'>
  readonly engine: AgentEngine
  readonly protocols: readonly Protocol[]
}

/** The same as the shards want it. */
export function shardPattern (
  { configuration: { agents, messages, conversations, tracing }, engine, protocols }: PatternParts, memory: SharedMemory,
): ShardPattern {
  return {
    memory, protocols, tracing,
    factoryModule: engine.factoryModule,
    engineSettings: engine.settings,
    agents: agents.max,
    mailboxBytes: agents.mailbox_bytes,
    slabBytes: SLAB_BYTES,
    sendsPerMessage: agents.sends_per_message,
    fanOut: messages.fan_out,
    conversations: limitsOf(conversations),
  }
}
