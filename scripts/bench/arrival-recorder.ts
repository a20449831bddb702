import { writeFileSync } from 'node:fs'
import { FramedLink } from '../../kernel/contract/links/framed-link.js'
import { RecordKind } from '../../kernel/contract/links/link-records.js'
import { ARRIVALS_FILE, LEAST_BYTES, MOST_ARRIVALS } from './arrivals.js'

/**
 * Loaded into a server before everything else (`node --import`), so that the bench can tell single round trips, for which the agents' clock
 * is too coarse: notes when each message came over a link, and writes that down when the server ends.
 */
const file = process.env[ARRIVALS_FILE]
if (file !== undefined) {
  const times = new Float64Array(MOST_ARRIVALS)
  let count = 0
  const plain = Reflect.get(FramedLink.prototype, 'record')
  FramedLink.prototype.record = function (kind, body) {
    if (kind === RecordKind.frame && body.byteLength >= LEAST_BYTES && count < MOST_ARRIVALS) {
      times[count++] = performance.timeOrigin + performance.now()
    }
    plain.call(this, kind, body)
  }
  process.once('exit', () => { writeFileSync(file, times.subarray(0, count)) })
}
