import { create } from '@bufbuild/protobuf'
import { DeadLetterSchema, type DeadLetter } from '../../contract/index.js'
import { aclOf, shownTerms } from '../frames/acl-message.js'
import { decodeFrame } from '../frames/frame.js'

/**
 * A message that could not be delivered, with the names that its agents had then: handles don't outlive a start.
 */
export interface KeptLetter {
  /** When it failed, in milliseconds since the Unix epoch. */
  readonly at: number
  readonly reason: string
  readonly frame: Uint8Array
  readonly sender?: string | undefined
  readonly receiver?: string | undefined
}

const LENGTH_BYTES = 4

/** As the store keeps it: u32 length of a head, the head as JSON, then the frame as it is. */
export function valueOf ({ frame, ...head }: KeptLetter): Uint8Array {
  const text = Buffer.from(JSON.stringify(head))
  const value = Buffer.alloc(LENGTH_BYTES + text.length + frame.length)
  value.writeUInt32LE(text.length)
  value.set(text, LENGTH_BYTES)
  value.set(frame, LENGTH_BYTES + text.length)
  return value
}

/** Reads what {@link valueOf} wrote. */
export function letterOf (value: Uint8Array): KeptLetter {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const end = LENGTH_BYTES + bytes.readUInt32LE()
  const head = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end)) as Omit<KeptLetter, 'frame'>
  return { ...head, frame: value.slice(end) }
}

/** For people and programs outside. */
export function shownLetter (id: string, { at, reason, frame, sender, receiver }: KeptLetter): DeadLetter {
  const message = aclOf(frame, () => undefined)
  message.sender = sender ?? message.sender
  message.receiver = receiver ?? message.receiver
  const read = decodeFrame(frame)
  return create(DeadLetterSchema, { id, at: BigInt(at), reason, traceId: read.traceId, message, ...shownTerms(read) })
}
