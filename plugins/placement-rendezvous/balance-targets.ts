/** How many agents a node has, and how many of these can't move. */
export interface Load {
  readonly agents: number
  readonly fixed: number
}

/** Bounds between which all nodes are in balance. */
interface Bounds {
  readonly low: number
  readonly high: number
}

/** Beside the least, no node may have more than this: one more, or a tenth more. */
export const highestBeside = (low: number): number => low + Math.max(1, Math.floor(low / 10))

/**
 * How many agents each node has after the fewest moves that bring all into balance; `homeless` are further ones that need a place. Where
 * too many can't move, it comes as near as possible.
 */
export function balanceTargets (loads: readonly Load[], homeless: number): number[] {
  const total = loads.reduce((sum, { agents }) => sum + agents, homeless)
  const bounds = bestBounds(loads.map(({ agents }) => agents), total, homeless)
  const targets = loads.map(({ agents, fixed }) => Math.max(fixed, Math.min(bounds.high, Math.max(bounds.low, agents))))
  level(targets, loads, bounds, total - targets.reduce((sum, target) => sum + target, 0))
  return targets
}

/** The bounds that take the fewest moves; of several the highest, where the least is best off. */
function bestBounds (agents: readonly number[], total: number, homeless: number): Bounds {
  let best: Bounds = { low: 0, high: total }
  let fewest = Infinity
  for (let low = Math.floor(total / agents.length); low >= 0 && agents.length * highestBeside(low) >= total; low--) {
    const high = highestBeside(low)
    const excess = agents.reduce((sum, each) => sum + Math.max(0, each - high), 0)
    const lack = agents.reduce((sum, each) => sum + Math.max(0, low - each), 0)
    const moves = Math.max(excess, lack - homeless)
    if (moves < fewest) best = { low, high }
    fewest = Math.min(fewest, moves)
  }
  return best
}

/** Gives what is left over to those who have the least; takes what is too much from those who have the most. */
function level (targets: number[], loads: readonly Load[], { low, high }: Bounds, difference: number): void {
  for (let left = difference; left > 0; left--) {
    const index = extreme(targets, (one, other) => one < other, target => target < high) ?? extreme(targets, (one, other) => one < other)
    if (index !== undefined) targets[index] = (targets[index] ?? 0) + 1
  }
  const fixed = (index: number): number => loads[index]?.fixed ?? 0
  for (let left = -difference; left > 0; left--) {
    const index = extreme(targets, (one, other) => one > other, (target, at) => target > Math.max(low, fixed(at))) ??
      extreme(targets, (one, other) => one > other, (target, at) => target > fixed(at))
    if (index !== undefined) targets[index] = (targets[index] ?? 0) - 1
  }
}

/** Where the first value is that comes before all others and may be taken. */
function extreme (
  values: readonly number[], isBefore: (one: number, other: number) => boolean,
  mayBe: (value: number, index: number) => boolean = () => true,
): number | undefined {
  let best: number | undefined
  for (const [index, value] of values.entries()) {
    if (mayBe(value, index) && (best === undefined || isBefore(value, values[best] ?? 0))) best = index
  }
  return best
}
