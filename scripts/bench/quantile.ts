/** Counts of a histogram's buckets at one moment: upper bounds in seconds, cumulative counts with +Inf last. */
export interface Buckets {
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

/** What was recorded between two moments. */
export const between = (before: Buckets | undefined, after: Buckets): Buckets =>
  ({ bounds: after.bounds, counts: after.counts.map((count, bucket) => count - (before?.counts[bucket] ?? 0)) })

export const countOf = ({ counts }: Buckets): number => counts.at(-1) ?? 0

/** The value below which a share of all samples lies, interpolated within its bucket; NaN without samples. */
export function quantile ({ bounds, counts }: Buckets, share: number): number {
  const rank = share * (counts.at(-1) ?? 0)
  if (rank === 0) return Number.NaN
  const bucket = counts.findIndex(count => count >= rank)
  const below = bucket > 0 ? counts[bucket - 1] ?? 0 : 0
  const from = bucket > 0 ? bounds[bucket - 1] ?? 0 : 0
  const to = bounds[bucket] ?? bounds.at(-1) ?? 0
  return from + (to - from) * (rank - below) / ((counts[bucket] ?? 0) - below)
}
