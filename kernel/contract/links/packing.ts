import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { LONGEST_RECORD, recordOf, RecordKind } from './link-records.js'
import { MalformedInput } from './malformed-input.js'

/** Batches below this are not worth it. */
const SMALLEST = 1024
/** A batch must become at least this much smaller. */
const WORTH_IT = 0.9

/**
 * The batch as one compressed record, or as it was if that would not save enough. Level 1, at once: a batch is small, and
 * whoever asked for it has a slow network.
 */
export function packed (batch: readonly Uint8Array[]): readonly Uint8Array[] {
  const bytes = batch.reduce((sum, part) => sum + part.byteLength, 0)
  if (bytes < SMALLEST) return batch
  const smaller = deflateRawSync(batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch), { level: 1 })
  return smaller.byteLength > Math.min(bytes * WORTH_IT, LONGEST_RECORD) ? batch : [recordOf(RecordKind.packed, smaller)]
}

/** The records in a compressed one. Throws {@link MalformedInput} for what is damaged, or has more than `most` bytes. */
export function unpacked (body: Uint8Array, most: number): Uint8Array {
  try {
    return inflateRawSync(body, { maxOutputLength: most })
  } catch (error) {
    throw new MalformedInput('a compressed batch that is damaged or too large', { cause: error })
  }
}
