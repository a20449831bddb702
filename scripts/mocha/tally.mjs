/** Counts the letters that the reporter wrote: passed, failed, skipped, and whether the run came to its end. */
export function readTally (letters) {
  const count = letter => letters.split(letter).length - 1
  return { passed: count('P'), failed: count('F'), skipped: count('S'), ended: letters.includes('E') }
}

/** Adds up what several runs gave. */
export function sum (tallies) {
  const total = key => tallies.reduce((result, tally) => result + tally[key], 0)
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') }
}

/** The closing line: `12 passed, 0 failed`, with the skipped ones where there are any. */
export const tallyLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
