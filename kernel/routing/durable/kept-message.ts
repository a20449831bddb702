import { FRAME } from '../../contract/index.js'

/** A durable message as the store keeps it: a frame outlives handles, so its sender is kept by name. */
export interface KeptMessage {
  readonly sender: string
  /** How often its receiver failed at it. */
  readonly attempts: number
  readonly frame: Uint8Array
}

const VERSION = 1
const HEAD_BYTES = 4
const SERIAL_DIGITS = 13
/** Names hold none of these; the second follows the first in the order of keys. */
const BEHIND_NAME = '/'
const AFTER_BEHIND_NAME = '0'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Version, attempts, length of the sender's name, the name, the frame. */
export function encodeKept ({ sender, attempts, frame }: KeptMessage): Uint8Array {
  const name = encoder.encode(sender)
  const value = new Uint8Array(HEAD_BYTES + name.length + frame.length)
  value[0] = VERSION
  value[1] = Math.min(attempts, 255)
  new DataView(value.buffer).setUint16(2, name.length, true)
  value.set(name, HEAD_BYTES)
  value.set(frame, HEAD_BYTES + name.length)
  return value
}

/** Reads what {@link encodeKept} wrote; undefined when it is something else. The frame shares no memory with `value`. */
export function decodeKept (value: Uint8Array): KeptMessage | undefined {
  if (value.length < HEAD_BYTES || value[0] !== VERSION) return undefined
  const end = HEAD_BYTES + new DataView(value.buffer, value.byteOffset, value.byteLength).getUint16(2, true)
  if (end + FRAME.headerBytes > value.length) return undefined
  return { sender: decoder.decode(value.subarray(HEAD_BYTES, end)), attempts: value[1] ?? 0, frame: value.slice(end) }
}

/** Where a message for a receiver stands: behind all that came before it. */
export const keptKey = (receiver: string, serial: number): string =>
  `${receiver}${BEHIND_NAME}${serial.toString(16).padStart(SERIAL_DIGITS, '0')}`

/** Receiver and serial number in a key of {@link keptKey}. */
export function readKey (key: string): { readonly receiver: string, readonly serial: number } {
  const end = key.lastIndexOf(BEHIND_NAME)
  return { receiver: key.slice(0, end), serial: Number.parseInt(key.slice(end + 1), 16) }
}

/** The keys of everything kept for a receiver, or of what stands behind the key `after`. */
export const keptFor = (receiver: string, after?: string): { readonly from: string, readonly to: string } =>
  ({ from: after === undefined ? `${receiver}${BEHIND_NAME}` : `${after}${BEHIND_NAME}`, to: `${receiver}${AFTER_BEHIND_NAME}` })
