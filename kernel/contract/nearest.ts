const FARTHEST = 3
const LONGEST = 64

/**
 * The known word that somebody probably meant: the one with the fewest edits (insert, delete, replace, swap of
 * neighbours), if these are few for its length. Case, dashes and underscores do not count.
 */
export function nearest (written: string, known: Iterable<string>): string | undefined {
  const wanted = folded(written)
  let best: string | undefined
  let bestEdits = Math.min(FARTHEST, Math.max(1, Math.floor(wanted.length / 3))) + 1
  for (const candidate of known) {
    const edits = editsBetween(wanted, folded(candidate))
    if (edits >= bestEdits) continue
    best = candidate
    bestEdits = edits
  }
  return best
}

/** ` (did you mean "port"?)`, or nothing. */
export function didYouMean (written: string, known: Iterable<string>): string {
  const meant = nearest(written, known)
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`
}

function folded (word: string): string {
  return word.slice(0, LONGEST).toLowerCase().replaceAll('-', '_')
}

/** Optimal string alignment distance; 4 when the lengths alone differ by more than 3. */
export function editsBetween (a: string, b: string): number {
  if (Math.abs(a.length - b.length) > FARTHEST) return FARTHEST + 1
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let edits = Math.min(
        (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (above[column - 1] ?? 0) + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) edits = Math.min(edits, (before[column - 2] ?? 0) + 1)
      current.push(edits)
    }
    before = above
    above = current
  }
  return above[b.length] ?? 0
}
