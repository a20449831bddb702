import { isUtf8 } from 'node:buffer'

export const ROSTER_STATUSES = ['admitted', 'left', 'removed'] as const

/**
 * Whether a Caxton node belongs to the cluster. Each change of it has an epoch above the one before; of two records the one with the
 * higher epoch is right, and of two with the same epoch the one whose status comes later in {@link ROSTER_STATUSES}.
 */
export interface RosterRecord {
  readonly nodeId: string
  readonly status: typeof ROSTER_STATUSES[number]
  /** 1 to 2^32 - 1. */
  readonly epoch: number
  /** Of the node, when this was decided: a later life of it may come back by itself. */
  readonly incarnation: number
}

const VERSION = 1
/** Most nodes of which it is known whether they belong to the cluster, those that left or were removed included. */
export const MOST_RECORDS = 65_536

export const isNewer = (one: RosterRecord, than: RosterRecord): boolean => one.epoch !== than.epoch
  ? one.epoch > than.epoch
  : ROSTER_STATUSES.indexOf(one.status) > ROSTER_STATUSES.indexOf(than.status)

/** `version:u8 | count:u32 | count x (status:u8 | epoch:u32 | incarnation:u32 | length:u8 | name)`, big-endian. */
export function encodeRoster (records: readonly RosterRecord[]): Uint8Array {
  const names = records.map(({ nodeId }) => Buffer.from(nodeId))
  const bytes = Buffer.alloc(5 + names.reduce((sum, name) => sum + 10 + name.length, 0))
  let at = bytes.writeUInt32BE(records.length, bytes.writeUInt8(VERSION, 0))
  records.forEach(({ status, epoch, incarnation }, index) => {
    const name = names[index] ?? Buffer.alloc(0)
    at = bytes.writeUInt8(ROSTER_STATUSES.indexOf(status), at)
    at = bytes.writeUInt32BE(incarnation, bytes.writeUInt32BE(epoch, at))
    at = bytes.writeUInt8(name.length, at)
    at += name.copy(bytes, at)
  })
  return bytes
}

/** Undefined for anything that {@link encodeRoster} would not make. */
export function decodeRoster (input: Uint8Array): RosterRecord[] | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  if (bytes.length < 5 || bytes.readUInt8(0) !== VERSION) return undefined
  const count = bytes.readUInt32BE(1)
  if (count > MOST_RECORDS) return undefined
  const records: RosterRecord[] = []
  let at = 5
  while (records.length < count) {
    if (at + 10 > bytes.length) return undefined
    const status = ROSTER_STATUSES[bytes.readUInt8(at)]
    const epoch = bytes.readUInt32BE(at + 1)
    const incarnation = bytes.readUInt32BE(at + 5)
    const length = bytes.readUInt8(at + 9)
    const name = bytes.subarray(at + 10, at + 10 + length)
    at += 10 + length
    if (status === undefined || epoch === 0 || length === 0 || at > bytes.length || !isUtf8(name)) return undefined
    records.push({ nodeId: name.toString('utf8'), status, epoch, incarnation })
  }
  return at === bytes.length ? records : undefined
}
