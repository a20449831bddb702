import { FRAME, FRAME_FLAGS } from '../../contract/index.js'
import type { Directory } from '../directory/directory.js'
import type { Held } from './durable-inbox.js'

const NOBODY = { handle: 0, generation: 0 }

/** The frame of a kept message, with the handles that its sender and its receiver have today. */
export function addressedFrame (directory: Directory, { frame, sender, redelivered }: Held, receiver: string): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const to = directory.address(receiver) ?? NOBODY
  const from = directory.senderAddress(sender) ?? NOBODY
  view.setUint32(FRAME.receiver, to.handle, true)
  view.setUint32(FRAME.receiverGeneration, to.generation, true)
  view.setUint32(FRAME.sender, from.handle, true)
  view.setUint32(FRAME.senderGeneration, from.generation, true)
  if (redelivered) view.setUint8(FRAME.flags, view.getUint8(FRAME.flags) | FRAME_FLAGS.redelivered)
  return frame
}
