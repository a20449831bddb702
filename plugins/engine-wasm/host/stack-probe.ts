const LEVELS = 12

/**
 * Uses up about 2.4 KiB of stack and gives it back. First statement of every host call: a guest may recurse to the
 * stack's edge before it calls, and the host must find that out before it has changed anything, not half way through.
 * Throws a RangeError there. Twelve wide frames cost half of what twenty-four narrow ones do.
 */
export function probeStack (): void {
  descend(LEVELS, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
}

/** The sum keeps the optimiser from dropping the parameters, which are what makes the frame large. */
function descend (
  level: number, a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number,
  i: number, j: number, k: number, l: number, m: number, n: number, o: number,
): number {
  if (level === 0) return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o
  return descend(level - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, level) + a
}
