import { LATENCY_BOUNDS } from '../shards/shard-memory.js'

/** What a version had done by some moment, since it was made. */
export interface CanarySample {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly handled: number
  readonly failed: number
  /** Messages by how long they took; as {@link LATENCY_BOUNDS}, with the overflow last. */
  readonly buckets: readonly number[]
}

/** What a version did within the window. */
export interface CanaryFigures {
  readonly messages: number
  readonly errorPercent: number
  /** Upper bound of the time that 99 % took, in milliseconds; 0 when nothing came. */
  readonly p99: number
}

/** Below this many messages nothing is concluded from them. */
export const ENOUGH = 20
/** What the slowest bucket counts as, in milliseconds: nothing that anybody could tolerate. */
const SLOWEST = Infinity
const NOTHING: CanarySample = { at: 0, handled: 0, failed: 0, buckets: [] }

/** The latest samples of a canary, and what they say about it. */
export class CanaryWindow {
  readonly #samples: CanarySample[] = []

  /** @param length Of the window, in milliseconds. */
  constructor (private readonly length: number) {}

  add (sample: CanarySample): void {
    this.#samples.push(sample)
    // The youngest that is too old stays: what happened since is counted from it.
    while ((this.#samples[1]?.at ?? Infinity) <= sample.at - this.length) this.#samples.shift()
  }

  get figures (): CanaryFigures {
    const last = this.#samples.at(-1) ?? NOTHING
    const oldest = this.#samples[0] ?? NOTHING
    // Until the window is full, everything counts.
    const first = oldest.at <= last.at - this.length ? oldest : NOTHING
    const failed = last.failed - first.failed
    const messages = last.handled - first.handled + failed
    const buckets = last.buckets.map((count, bucket) => count - (first.buckets[bucket] ?? 0))
    return { messages, errorPercent: messages === 0 ? 0 : failed / messages * 100, p99: percentile(buckets) }
  }

  /** Why the canary must go back, if it must. */
  verdict (bounds: { readonly errorPercent: number, readonly p99: number }): string | undefined {
    const { messages, errorPercent, p99 } = this.figures
    if (messages < ENOUGH) return undefined
    if (errorPercent > bounds.errorPercent) {
      return `${errorPercent.toFixed(1)} % of its ${messages} messages failed, more than ${bounds.errorPercent} %`
    }
    if (p99 <= bounds.p99) return undefined
    const took = p99 === SLOWEST ? 'longer than any bound' : `up to ${p99} ms`
    return `99 % of its ${messages} messages took ${took}, more than ${bounds.p99} ms`
  }
}

function percentile (buckets: readonly number[]): number {
  const all = buckets.reduce((sum, count) => sum + count, 0)
  let left = Math.ceil(all * 0.99)
  for (const [bucket, count] of buckets.entries()) {
    left -= count
    if (left <= 0) return all === 0 ? 0 : (LATENCY_BOUNDS[bucket] ?? Infinity) / 1_000
  }
  return 0
}
