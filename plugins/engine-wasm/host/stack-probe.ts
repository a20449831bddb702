const LEVELS = 24

/**
 * Uses up stack and gives it back. First statement of every host call: a guest may recurse to the stack's edge before it
 * calls, and the host must find that out before it has changed anything, not half way through. Throws a RangeError there.
 */
export function probeStack (): void {
  descend(LEVELS, 0, 0, 0, 0, 0, 0, 0)
}

/** Many parameters make the frame large; the sum keeps the optimiser from dropping them. */
function descend (
  level: number, a: number, b: number, c: number, d: number, e: number, f: number, g: number,
): number {
  if (level === 0) return a + b + c + d + e + f + g
  return descend(level - 1, b, c, d, e, f, g, level) + a
}
