import type { Undeliverable } from '../undeliverable.js'

/** What follows from the reason why a durable message came back. */
export type Consequence = 'wait' | 'give up' | 'try again'

/** Nobody failed at it. */
const WAITING: ReadonlySet<Undeliverable> = new Set<Undeliverable>([
  'AGENT_NOT_RUNNING', 'AGENT_NOT_FOUND', 'AGENT_RESTARTED', 'MAILBOX_FULL', 'SHARD_BUSY', 'SHARD_LOST',
  'NODE_UNREACHABLE', 'AGENT_MOVED',
])
/** Trying again would change nothing. */
const HOPELESS: ReadonlySet<Undeliverable> = new Set<Undeliverable>(['MESSAGE_TOO_LARGE', 'MESSAGE_EXPIRED', 'MESSAGE_FORBIDDEN'])

/** It waits until it can go again, is given up, or counts as an attempt at which its receiver failed. */
export function consequence (reason: Undeliverable): Consequence {
  if (WAITING.has(reason)) return 'wait'
  return HOPELESS.has(reason) ? 'give up' : 'try again'
}
