import { mix } from './fingerprint.js'
import type { MemberTable } from './member-table.js'

/** Says in 64 bits who runs, and with which incarnation: two nodes that give the same need not compare their tables. */
export function tableDigest (table: MemberTable): readonly [number, number] {
  let [high, low] = [0, 0]
  for (const record of table.all()) {
    // The dead are forgotten at different times, and news of a death changes this as well.
    if (!record.isUp) continue
    high ^= mix(record.nameHash ^ mix(record.incarnation))
    low ^= mix(record.nameHash + record.incarnation)
  }
  return [high >>> 0, low >>> 0]
}
