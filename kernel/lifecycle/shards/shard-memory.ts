import { ringBuffer } from '../../routing/frames/ring.js'
import { routeTableBuffer } from '../../routing/directory/route-table.js'
import { wakeBuffer } from '../../routing/frames/wake-word.js'

/** Capacity of the ring between each ordered pair of threads, in bytes: twice the largest frame and some. */
const RING_BYTES = 4 * 1024 * 1024

/** All memory that the main thread (place 0) and the shards (places 1, 2 ...) share. */
export interface SharedMemory {
  readonly routes: SharedArrayBuffer
  /** `rings[from][to]`; the diagonal is unused. */
  readonly rings: ReadonlyArray<ReadonlyArray<SharedArrayBuffer>>
  readonly wakes: readonly SharedArrayBuffer[]
  /** Per place: what {@link ShardCounters} reads and writes. */
  readonly counters: readonly SharedArrayBuffer[]
}

/** @param agentsPerShard How many agents a shard can hold. */
export function sharedMemory (shards: number, agentsPerShard: number): SharedMemory {
  const places = Array.from({ length: shards + 1 }, (_, place) => place)
  return {
    routes: routeTableBuffer(),
    rings: places.map(from => places.map(to => ringBuffer(from === to ? 8 : RING_BYTES))),
    wakes: places.map(() => wakeBuffer()),
    counters: places.map(() => countersBuffer(agentsPerShard)),
  }
}

/**
 * Figures of a shard, by position. Counts since the shard's memory was made; `pending` is how many messages wait now,
 * `lost` how many went away with their thread.
 */
export const SHARD_FIGURE = {
  delivered: 0, failed: 1, sent: 2, refused: 3, lettersLost: 4, pending: 5, logsLost: 6, faults: 7, lost: 8,
  /** What agents wanted to do and may not: by their permissions, and by the rate at which they may send. */
  denied: 9, rated: 10,
  /** What agents said and the policy did not let go. */
  forbidden: 11,
} as const

/** Figures of an agent, by position. */
export const AGENT_FIGURE = { handled: 0, failed: 1, sent: 2, fuel: 3, memory: 4, mailbox: 5, withheld: 6, denied: 7 } as const
const AGENT_STRIDE = 8

/** Upper bounds of the latency buckets in microseconds; one more bucket counts what is slower. */
export const LATENCY_BOUNDS = [
  1, 2, 3, 5, 7, 10, 12, 15, 20, 25, 30, 35, 40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1_000, 2_500, 10_000,
  100_000,
] as const
const BUCKETS = LATENCY_BOUNDS.length + 1

const WORD_BYTES = 64
const FIGURE_BYTES = 1_024

const countersBuffer = (agents: number): SharedArrayBuffer =>
  new SharedArrayBuffer(WORD_BYTES + FIGURE_BYTES + agents * AGENT_STRIDE * 8)

/**
 * What a shard tells the world without being asked. One writer, the shard while it lives; readers see each figure
 * whole, not all at one moment. The words at the beginning are the heartbeat and the switches that main sets.
 */
export class ShardCounters {
  readonly words: Int32Array
  readonly #figures: Float64Array
  readonly #agents: Float64Array
  /** Latencies of the present slice; the writer's own. */
  readonly #slice = new Float64Array(BUCKETS)

  constructor (buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer, 0, WORD_BYTES / 4)
    this.#figures = new Float64Array(buffer, WORD_BYTES, FIGURE_BYTES / 8)
    this.#agents = new Float64Array(buffer, WORD_BYTES + FIGURE_BYTES)
  }

  /** `figure`: one of {@link SHARD_FIGURE}. */
  add (figure: number, amount = 1): void {
    this.#figures[figure] = (this.#figures[figure] ?? 0) + amount
  }

  read (figure: number): number {
    return this.#figures[figure] ?? 0
  }

  /** `figure`: one of {@link AGENT_FIGURE}. */
  addAgent (slot: number, figure: number, amount = 1): void {
    const index = slot * AGENT_STRIDE + figure
    this.#agents[index] = (this.#agents[index] ?? 0) + amount
  }

  setAgent (slot: number, figure: number, value: number): void {
    this.#agents[slot * AGENT_STRIDE + figure] = value
  }

  readAgent (slot: number, figure: number): number {
    return this.#agents[slot * AGENT_STRIDE + figure] ?? 0
  }

  clearAgent (slot: number): void {
    this.#agents.fill(0, slot * AGENT_STRIDE, (slot + 1) * AGENT_STRIDE)
  }

  /** Counts one hand-over that took `microseconds` from queueing to handling. */
  recordLatency (microseconds: number): void {
    const bucket = bucketOf(microseconds)
    this.#figures[LATENCY_RAW + bucket] = (this.#figures[LATENCY_RAW + bucket] ?? 0) + 1
    this.#slice[bucket] = (this.#slice[bucket] ?? 0) + 1
  }

  /**
   * Ends a slice of time; what was recorded in it counts as clean when the machine did not take the thread off its
   * core.
   */
  endSlice (isClean: boolean): void {
    if (isClean) {
      for (const [bucket, count] of this.#slice.entries()) {
        this.#figures[LATENCY_CLEAN + bucket] = (this.#figures[LATENCY_CLEAN + bucket] ?? 0) + count
      }
    }
    this.#slice.fill(0)
  }

  /**
   * Counts per bucket of {@link LATENCY_BOUNDS}, with the overflow last: of all messages, or of those in clean slices.
   */
  latency (sample: 'raw' | 'clean' = 'raw'): number[] {
    const first = sample === 'raw' ? LATENCY_RAW : LATENCY_CLEAN
    return [...this.#figures.subarray(first, first + BUCKETS)]
  }
}

/** Room for the counts of one agent's latencies, per bucket of {@link LATENCY_BOUNDS} and one more. */
export const latencyBuckets = (): SharedArrayBuffer => new SharedArrayBuffer(BUCKETS * 8)

/** Counts one message that took `microseconds` in such room. */
export function countLatency (buckets: Float64Array, microseconds: number): void {
  const bucket = bucketOf(microseconds)
  buckets[bucket] = (buckets[bucket] ?? 0) + 1
}

function bucketOf (microseconds: number): number {
  let bucket = 0
  while (bucket < LATENCY_BOUNDS.length && microseconds > (LATENCY_BOUNDS[bucket] ?? 0)) bucket++
  return bucket
}

const LATENCY_RAW = Object.keys(SHARD_FIGURE).length
const LATENCY_CLEAN = LATENCY_RAW + BUCKETS

/** Positions in {@link ShardCounters.words}. */
export const SHARD_WORD = {
  /** Goes up with every message or timer that an agent begins to handle. */
  activity: 0,
  /** Handle of the agent that is running, 0 none. */
  running: 1,
  /** Set by main: copies of messages are wanted. */
  tap: 2,
  /** Set by main: how many control messages were posted. */
  controls: 3,
  /** Counted up by main: reports of logs, watched messages and dead letters that it has taken. */
  reportsTaken: 4,
  /** Set by main: somebody wants to see conversations end. */
  conversationTap: 5,
  /** Counted up by main: reports of conversations that it has taken. */
  conversationReportsTaken: 6,
} as const
