import { FIELD, FRAME, FRAME_FLAGS } from '../../contract/in-shard.js'
import { findField } from './frame.js'

const { platform, redelivered, receipt, expires, checked, shadow } = FRAME_FLAGS

/** Whether the platform speaks. */
export const isPlatform = (view: DataView, at: number): boolean => (view.getUint8(at + FRAME.flags) & platform) !== 0

/** Whether the message may have been handled before. */
export const isRedelivered = (view: DataView, at: number): boolean => (view.getUint8(at + FRAME.flags) & redelivered) !== 0

/** Whether the conversation allowed it where it was sent. */
export const isChecked = (view: DataView, at: number): boolean => (view.getUint8(at + FRAME.flags) & checked) !== 0

/** Notes that the conversation allowed it. */
export function setChecked (view: DataView, at: number): void {
  view.setUint8(at + FRAME.flags, view.getUint8(at + FRAME.flags) | checked)
}

/** Whether the platform says that something went wrong: what every mailbox keeps places for. */
export const isFailure = (view: DataView, at: number): boolean => (view.getUint8(at + FRAME.flags) & (platform | receipt)) === platform

/** Whether this is a copy for a version that only watches. */
export const isShadow = (view: DataView, at: number): boolean => (view.getUint8(at + FRAME.flags) & shadow) !== 0

/** Whether this is a receipt. */
export const isReceipt = (view: DataView, at: number): boolean =>
  (view.getUint8(at + FRAME.flags) & (platform | receipt)) === (platform | receipt)

/** Whether the sender wants to hear that the message was handled. The platform never does. */
export const wantsReceipt = (view: DataView, at: number): boolean =>
  (view.getUint8(at + FRAME.flags) & (platform | receipt)) === receipt

/**
 * Flags that a sender may set itself. A message of the platform that is sent on with its flags as they came asks for no
 * receipt, or two agents that send everything back would go on for ever.
 */
export function senderFlags (view: DataView, at: number): number {
  const flags = view.getUint8(at + FRAME.flags)
  return flags & ((flags & platform) === 0 ? receipt | expires : expires)
}

/** Whether a frame says until when it is good for something. */
export const canExpire = (view: DataView, at: number): boolean => (view.getUint8(at + FRAME.flags) & expires) !== 0

/** Until when a frame with the flag `expires` is good for something, in milliseconds since the Unix epoch. */
export function expiryOf (view: DataView, at: number): number {
  const field = findField(view, at, FIELD.expires)
  // Two words instead of one of 64 bits: those would be allocated.
  return field < 0 ? Infinity : view.getInt32(field + 4, true) * 0x1_0000_0000 + view.getUint32(field, true)
}
