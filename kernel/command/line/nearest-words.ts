/** Edits that turn one word into the other: insertions, deletions, replacements, and swaps of neighbours. */
export function editDistance (from: string, to: string): number {
  let before: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Infinity,
      ))
    }
    before = previous
    previous = current
  }
  return at(previous, to.length)
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity

/** Longest word that is compared; nobody mistypes longer ones, and the comparison is quadratic. */
const LONGEST = 64

/** At most three of `words` that somebody who typed `typed` may have meant, nearest first. */
export function nearestWords (typed: string, words: Iterable<string>): string[] {
  if (typed.length === 0 || typed.length > LONGEST) return []
  const lower = typed.toLowerCase()
  const allowed = Math.max(1, Math.floor(lower.length / 3))
  return [...new Set(words)]
    .map(word => ({ word, distance: nearness(lower, word.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1))
    .slice(0, 3)
    .map(({ word }) => word)
}

/** A word that was begun counts as one edit away. */
function nearness (typed: string, word: string): number {
  if (word.length > LONGEST) return Infinity
  const begun = typed.length >= 3 && word.startsWith(typed)
  return begun ? Math.min(1, editDistance(typed, word)) : editDistance(typed, word)
}
