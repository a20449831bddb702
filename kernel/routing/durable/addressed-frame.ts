import { FRAME, FRAME_FLAGS } from '../../contract/index.js'
import type { Directory } from '../directory/directory.js'
import { readAddress, writeAddress } from '../frames/frame.js'
import type { Held } from './durable-inbox.js'

const NOBODY = { handle: 0, generation: 0 }

/**
 * The frame of a kept message, with the handles that its sender and its receiver have today. While two versions of an agent run side by
 * side, each message stays with the version that it came from, and with the one that it went to first.
 */
export function addressedFrame (directory: Directory, { frame, sender, redelivered }: Held, receiver: string): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (!directory.owns(receiver, readAddress(view, FRAME.receiver))) {
    writeAddress(view, FRAME.receiver, directory.address(receiver) ?? NOBODY)
  }
  if (!directory.owns(sender, readAddress(view, FRAME.sender))) {
    writeAddress(view, FRAME.sender, directory.senderAddress(sender) ?? NOBODY)
  }
  if (redelivered) view.setUint8(FRAME.flags, view.getUint8(FRAME.flags) | FRAME_FLAGS.redelivered)
  return frame
}
