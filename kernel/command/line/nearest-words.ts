import { editsBetween } from '../../contract/nearest.js'

/** Longest word that is compared; nobody mistypes longer ones, and the comparison is quadratic. */
const LONGEST = 64

/** At most three of `words` that somebody who typed `typed` may have meant, nearest first. */
export function nearestWords (typed: string, words: Iterable<string>): string[] {
  if (typed.length === 0 || typed.length > LONGEST) return []
  const lower = typed.toLowerCase()
  const allowed = Math.min(3, Math.max(1, Math.floor(lower.length / 3)))
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
  return begun ? Math.min(1, editsBetween(typed, word)) : editsBetween(typed, word)
}
