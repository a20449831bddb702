/**
 * The upper bound of the bucket that a share of the values does not exceed; infinite when that is beyond the last bound.
 * `bounds` ascend, `counts` are cumulative and have one more for all.
 */
export function quantileBound (bounds: readonly number[], counts: readonly number[], share: number): number {
  const bucket = counts.findIndex(cumulative => cumulative >= share * (counts.at(-1) ?? 0))
  return bounds[bucket] ?? Infinity
}
