import { HOST_RESULTS } from '../contract/in-shard.js'
import type { Undeliverable } from './undeliverable.js'

const RESULTS: Partial<Record<Undeliverable, number>> = {
  AGENT_NOT_FOUND: HOST_RESULTS.noSuchAgent, AGENT_NOT_RUNNING: HOST_RESULTS.noSuchAgent,
  MAILBOX_FULL: HOST_RESULTS.full, SHARD_BUSY: HOST_RESULTS.full, MESSAGE_TOO_LARGE: HOST_RESULTS.tooLarge,
}

/** What a sender is told of a reason that was found before anything was queued. */
export const sendResult = (reason: Undeliverable): number => RESULTS[reason] ?? HOST_RESULTS.unavailable
