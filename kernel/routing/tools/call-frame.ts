import { actCode, FIELD, FRAME } from '../../contract/in-shard.js'
import { generationOf, handleOf } from '../directory/name-table.js'
import { findField, viewOf } from '../frames/frame.js'

/** The acts that a call may have: it asks for something, or withdraws an earlier one. */
const CALL = actCode('request')
export const WITHDRAWAL = actCode('cancel')

/** Whether the sound frame at `at` could be a call: one of the two acts, in no protocol. */
export const isCall = (view: DataView, at: number): boolean => {
  const act = view.getUint8(at + FRAME.act)
  return (act === CALL || act === WITHDRAWAL) && findField(view, at, FIELD.protocol) < 0
}

/**
 * A call as it leaves its agent: a copy, addressed to the tools, in no conversation, and under an idempotency key.
 *
 * @param tools Address of the tools: handle, and generation × 2³².
 * @param mode How it is delivered at least: a position in `DELIVERY`.
 * @param key For a call that brings none of its own.
 */
export function callFrame (
  bytes: Uint8Array, at: number, length: number, tools: bigint, mode: number, key: string | undefined,
): Uint8Array {
  const text = key === undefined ? Buffer.alloc(0) : Buffer.from(key)
  const more = text.length === 0 ? 0 : 4 + text.length
  const frame = new Uint8Array(length + more)
  const view = viewOf(frame)
  const fields = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(FRAME.fieldBytes, true)
  const content = FRAME.headerBytes + fields
  frame.set(bytes.subarray(at, at + content))
  if (more > 0) {
    view.setUint16(content, FIELD.deliveryKey, true)
    view.setUint16(content + 2, text.length, true)
    frame.set(text, content + 4)
  }
  frame.set(bytes.subarray(at + content, at + length), content + more)
  view.setUint32(FRAME.length, length + more, true)
  view.setUint32(FRAME.fieldBytes, fields + more, true)
  view.setUint32(FRAME.receiver, handleOf(tools), true)
  view.setUint32(FRAME.receiverGeneration, generationOf(tools), true)
  view.setBigUint64(FRAME.conversation, 0n, true)
  frame[FRAME.delivery] = Math.max(frame[FRAME.delivery] ?? 0, mode)
  return frame
}
