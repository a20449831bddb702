import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Environment variable that names the file for the recorded times. */
export const ARRIVALS_FILE = 'CAXTON_BENCH_ARRIVALS'
/** Frames that are shorter are no messages of the bench's agents. */
export const LEAST_BYTES = 200
/** Times that are recorded at most: those of about a minute with one message in flight. */
export const MOST_ARRIVALS = 200_000

/** Flag of `node` that makes a server record when messages come from other nodes. */
export const recordingArrivals = (): string => `--import=${fileURLToPath(new URL('./arrival-recorder.js', import.meta.url))}`

/** Seconds between one message and the next within a span of wall-clock time, in milliseconds, as a server that has ended recorded them. */
export function gapsBetween (file: string, from: number, to: number): number[] {
  const times = [...new Float64Array(Uint8Array.from(readFileSync(file)).buffer)].filter(time => time >= from && time <= to)
  return times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 1e3)
}
