import type { Owner } from '../records/owner.js'
import type { RegistryTable } from '../records/registry-table.js'
import { EntryBlockWriter } from '../wire/entry-block.js'
import { bareMessage, partMessage, snapshotMessage, type Pull } from '../wire/registry-messages.js'

/** A message is full when its entries have this many bytes. */
const PART_BYTES = 128 * 1024
/** Smaller, since whoever gets these is on the way to very many. */
const SNAPSHOT_BYTES = 64 * 1024

/** What happened after a sequence, which is not below the floor, or the first part of it; and how far that goes. */
export function logPart (owner: Owner, from: number, age: number): { readonly bytes: Uint8Array, readonly to: number } {
  const { nodeId, epoch, tail, records } = owner
  const entries = new EntryBlockWriter(from)
  let to = from
  let isWhole = true
  for (const { sequence, row, gone } of tail.since(from)) {
    isWhole = entries.bytes < PART_BYTES
    if (!isWhole) break
    if (row < 0) entries.gone(sequence, gone)
    else if (records.isUsed(row)) entries.put(sequence, records.listing(row))
    to = sequence
  }
  if (isWhole) to = tail.last
  return { bytes: partMessage({ nodeId, epoch, from, to, age, head: isWhole ? owner.head : undefined }, entries), to }
}

/** The records from a row on, as many as fit into a part. */
function snapshotPart (owner: Owner, cursor: number): Uint8Array {
  const { records } = owner
  const entries = new EntryBlockWriter(0)
  let row = cursor
  for (; row < records.rows && entries.bytes < SNAPSHOT_BYTES; row++) {
    if (records.isUsed(row)) entries.put(0, records.listing(row))
  }
  return snapshotMessage(owner.head, row < records.rows ? row : 0, entries)
}

/** Answers what another node asks of any node's log. What is not known for certain here is not handed on. */
export function answerOf (table: RegistryTable, { nodeId, epoch, from, cursor }: Pull): Uint8Array {
  const owner = table.owner(nodeId)
  if (!owner?.isWhole || epoch > owner.epoch) return bareMessage('unknown')
  if (cursor >= 0) return snapshotPart(owner, cursor)
  const start = epoch === owner.epoch ? from : 0
  if (start > owner.tail.last) return bareMessage('unknown')
  return start < owner.tail.floor ? bareMessage('too-old') : logPart(owner, start, 0).bytes
}
