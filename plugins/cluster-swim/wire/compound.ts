import { LIMITS } from './limits.js'
import { TYPE } from './message-types.js'
import { malformed } from './refusal.js'

const HEADER = 2
const LENGTH = 2

/** Bytes that a message costs beyond its own in a compound layer, and those of the layer. */
export const COMPOUND_OVERHEAD = { message: LENGTH, layer: HEADER } as const

/** Several messages in one: type 7, their number, their lengths, themselves. `RangeError` for more than 255, or one beyond 65,535 bytes. */
export function joinMessages (messages: readonly Uint8Array[]): Uint8Array {
  if (messages.length > LIMITS.parts) throw new RangeError(`${messages.length} messages in one packet, where ${LIMITS.parts} are the most`)
  const table = Buffer.alloc(HEADER + LENGTH * messages.length)
  table[0] = TYPE.compound
  table[1] = messages.length
  messages.forEach((message, index) => table.writeUInt16BE(message.length, HEADER + LENGTH * index))
  return Buffer.concat([table, ...messages])
}

/** The reverse: those that are whole, and how many are cut off. Throws `Refused` where there are none. */
export function splitMessages (bytes: Uint8Array): { readonly messages: readonly Uint8Array[], readonly cut: number } {
  const count = bytes[1] ?? 0
  const messages: Uint8Array[] = []
  let start = HEADER + LENGTH * count
  if (count === 0) throw malformed('it holds no messages')
  for (let index = 0; index < count; index++) {
    const place = HEADER + LENGTH * index
    const end = start + ((bytes[place] ?? 0) << 8 | (bytes[place + 1] ?? 0))
    if (end > bytes.length) break
    messages.push(bytes.subarray(start, end))
    start = end
  }
  return { messages, cut: count - messages.length }
}
