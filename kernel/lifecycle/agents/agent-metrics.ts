import type { Histogram, Metrics } from '../../contract/index.js'
import { LATENCY_BOUNDS, SHARD_FIGURE, type ShardCounters } from '../shards/shard-memory.js'

/** What is measured about agents and their messages. */
export interface MeasuredHosting {
  readonly agents: { readonly size: number, readonly running: number }
  readonly counters: readonly ShardCounters[]
  readonly callers: { readonly unclaimed: number }
  readonly main: { readonly toolDesk?: { readonly underWay: number, readonly denied: number } | undefined }
  readonly deadLetters: { readonly counted: number, readonly kept: number }
  readonly durable: {
    readonly delivery: { readonly waiting: number, readonly retried: number }, readonly acceptance: { readonly duplicates: number }
  }
}

const SAMPLES = ['raw', 'clean'] as const
/** What a message slower than the last bound is recorded as, in seconds. */
const SLOWEST = 1
/** Upper bounds of start times, in seconds. */
const STARTUP_BOUNDS = [1e-5, 2e-5, 3e-5, 4e-5, 5e-5, 7.5e-5, 1e-4, 1.5e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 0.01, 0.1, 1]

export const startupHistogram = (metrics: Metrics): Histogram =>
  metrics.histogram(
    'caxton_agent_startup_seconds', 'Time to instantiate and start an agent inside its shard.', STARTUP_BOUNDS)

/** Brings the shards' figures into the metrics whenever somebody reads them; in between they cost nothing. */
export function measureAgents (metrics: Metrics, hosting: MeasuredHosting): void {
  const deployed = metrics.gauge('caxton_agents', 'Agents deployed on this node.')
  const active = metrics.gauge('caxton_agents_active', 'Agents that are running.')
  const kept = metrics.gauge('caxton_dead_letters_kept', 'Dead letters kept in the store.')
  const latency = metrics.histogram('caxton_message_routing_duration_seconds',
    'Time from queueing a message to handing it to its agent. sample="clean": only while the machine left the shard on its core.',
    LATENCY_BOUNDS.map(bound => bound / 1e6), ['sample'])
  const recorded = SAMPLES.map(sample => ({ sample, counts: new Array<number>(LATENCY_BOUNDS.length + 1).fill(0) }))
  const queued = metrics.gauge('caxton_messages_queued', 'Messages that wait in mailboxes.')
  const durable = metrics.gauge('caxton_durable_messages', 'Messages that are kept until they are handled.')
  const calls = metrics.gauge('caxton_agents_tool_calls', 'Calls of tools that agents have under way.')
  const totals = [
    ['caxton_messages_lost_total', 'Messages that went away with a thread which ended.', () => sum(hosting, SHARD_FIGURE.lost)],
    ['caxton_messages_processed_total', 'Messages handed to agents.', () => sum(hosting, SHARD_FIGURE.delivered)],
    ['caxton_messages_sent_total', 'Messages that agents sent.', () => sum(hosting, SHARD_FIGURE.sent)],
    ['caxton_messages_refused_total', 'Sends that were refused at once, with the reason told to the agent.',
      () => sum(hosting, SHARD_FIGURE.refused)],
    ['caxton_agents_denied_total', 'What agents wanted to do and have no permission for, with the reason told to the agent.',
      () => sum(hosting, SHARD_FIGURE.denied) + (hosting.main.toolDesk?.denied ?? 0)],
    ['caxton_agents_rate_limited_total', 'Sends that were refused because the agent sent more often than it may.',
      () => sum(hosting, SHARD_FIGURE.rated)],
    ['caxton_messages_forbidden_total', 'Messages of this node\'s agents that the policy for agents did not let go.',
      () => sum(hosting, SHARD_FIGURE.forbidden)],
    ['caxton_message_errors_total', 'Messages that came back to their senders or became dead letters.',
      () => sum(hosting, SHARD_FIGURE.failed)],
    ['caxton_agent_crashes_total', 'Times that an agent was stopped for misbehaving.', () => sum(hosting, SHARD_FIGURE.faults)],
    ['caxton_agent_log_lines_dropped_total', 'Log lines of agents beyond their rate.', () => sum(hosting, SHARD_FIGURE.logsLost)],
    ['caxton_dead_letters_total', 'Messages that could not be delivered, kept or not.',
      () => hosting.deadLetters.counted + sum(hosting, SHARD_FIGURE.lettersLost)],
    [
      'caxton_durable_duplicates_total',
      'Durable messages that came again under the same delivery key, and were not delivered twice.',
      () => hosting.durable.acceptance.duplicates,
    ],
    ['caxton_durable_retries_total', 'Durable messages that were handed in again after a failure.', () => hosting.durable.delivery.retried],
    ['caxton_answers_unclaimed_total', 'Answers to callers who did not wait for one.', () => hosting.callers.unclaimed],
  ] as const
  const counters = totals.map(([name, help, read]) => ({ counter: metrics.counter(name, help), read, seen: 0 }))
  metrics.onCollect(() => {
    deployed.set(hosting.agents.size)
    active.set(hosting.agents.running)
    kept.set(hosting.deadLetters.kept)
    durable.set(hosting.durable.delivery.waiting)
    calls.set(hosting.main.toolDesk?.underWay ?? 0)
    queued.set(sum(hosting, SHARD_FIGURE.pending))
    for (const entry of counters) {
      const now = entry.read()
      entry.counter.add(now - entry.seen)
      entry.seen = now
    }
    for (const { sample, counts } of recorded) {
      for (const [bucket, count] of merged(hosting.counters, sample).entries()) {
        const bound = LATENCY_BOUNDS[bucket]
        latency.record(bound === undefined ? SLOWEST : bound / 1e6, { sample }, count - (counts[bucket] ?? 0))
        counts[bucket] = count
      }
    }
  })
}

/** Counts per latency bucket, of all shards together. */
function merged (counters: readonly ShardCounters[], sample: 'raw' | 'clean'): number[] {
  const sums = new Array<number>(LATENCY_BOUNDS.length + 1).fill(0)
  for (const shard of counters) for (const [bucket, count] of shard.latency(sample).entries()) sums[bucket] = (sums[bucket] ?? 0) + count
  return sums
}

const sum = ({ counters }: MeasuredHosting, figure: number): number =>
  counters.reduce((total, shard) => total + shard.read(figure), 0)
