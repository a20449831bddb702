import type { Latency } from './even-load.js'
import { quantile } from './quantile.js'
import { microseconds, type Row } from './row.js'

/** Messages a second that other agents exchange meanwhile. */
export const MEANWHILE = 10_000
/** What a message at 100,000 a second may take too, in seconds. */
const LIMIT = 250e-6

/** How long messages of other agents took while something else was there, beside how long they took without it. */
export const meanwhileRows = (what: string, without: Latency, latency: Latency): Row[] => [
  meanwhileRow(what, 'P50', 0.5, without, latency), meanwhileRow(what, 'P99', 0.99, without, latency),
]

function meanwhileRow (what: string, name: string, share: number, without: Latency, latency: Latency): Row {
  const [clean, raw] = [quantile(latency.clean, share), quantile(latency.raw, share)]
  const [cleanBefore, rawBefore] = [quantile(without.clean, share), quantile(without.raw, share)]
  return {
    what: `${what}: other local messages, ${name}, clean`,
    target: share === 0.99 ? `≤ ${microseconds(LIMIT)}` : '',
    actual: `${time(clean)} (${time(cleanBefore)} without); raw ${time(raw)} (${time(rawBefore)})`,
    ratio: Number.isNaN(clean / cleanBefore) ? '' : `${(clean / cleanBefore).toFixed(2)} × without`,
    pass: share === 0.99 ? clean <= LIMIT : undefined,
  }
}

const time = (seconds: number): string => Number.isNaN(seconds) ? 'no samples' : microseconds(seconds)
