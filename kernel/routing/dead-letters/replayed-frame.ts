import { FIELD, FRAME, FRAME_FLAGS } from '../../contract/index.js'
import type { Address } from '../frames/frame.js'

/** What a message leaves behind when it is sent anew: its place in a conversation, and until when it was good for something. */
const LEFT_OUT: readonly number[] = [FIELD.protocol, FIELD.to, FIELD.expires]
const { platform, receipt, redelivered } = FRAME_FLAGS

/**
 * A dead letter's frame as it is sent anew: to the receiver, from the sender, outside its conversation, which heard of
 * the failure long ago. Everything else stays byte for byte, but a `reply-by` that has passed at the time `now`.
 */
export function replayedFrame (frame: Uint8Array, sender: Address, receiver: Address, now: number): Uint8Array {
  const kept = keptFields(frame)
  const content = frame.subarray(FRAME.headerBytes + viewOf(frame).getUint32(FRAME.fieldBytes, true))
  const fieldBytes = kept.reduce((sum, field) => sum + field.length, 0)
  const bytes = new Uint8Array(Buffer.concat([frame.subarray(0, FRAME.headerBytes), ...kept, content]))
  const view = viewOf(bytes)
  view.setUint32(FRAME.length, bytes.length, true)
  view.setUint32(FRAME.fieldBytes, fieldBytes, true)
  view.setUint32(FRAME.receiver, receiver.handle, true)
  view.setUint32(FRAME.receiverGeneration, receiver.generation, true)
  view.setUint32(FRAME.sender, sender.handle, true)
  view.setUint32(FRAME.senderGeneration, sender.generation, true)
  view.setBigUint64(FRAME.conversation, 0n, true)
  if (view.getBigInt64(FRAME.deadline, true) <= BigInt(now)) view.setBigInt64(FRAME.deadline, 0n, true)
  view.setUint8(FRAME.flags, view.getUint8(FRAME.flags) & (platform | receipt) | redelivered)
  return bytes
}

function keptFields (frame: Uint8Array): Uint8Array[] {
  const view = viewOf(frame)
  const end = FRAME.headerBytes + view.getUint32(FRAME.fieldBytes, true)
  const kept: Uint8Array[] = []
  for (let at: number = FRAME.headerBytes; at < end;) {
    const following = at + 4 + view.getUint16(at + 2, true)
    if (!LEFT_OUT.includes(view.getUint16(at, true))) kept.push(frame.subarray(at, following))
    at = following
  }
  return kept
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
