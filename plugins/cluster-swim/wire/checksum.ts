import { TYPE } from './message-types.js'
import { OutOfBytes, Refused } from './refusal.js'

const HEADER = 5

/** The layer against damage: type 12, CRC-32 (IEEE 802.3) of what follows, the bytes. */
export function addChecksum (bytes: Uint8Array): Uint8Array {
  const packet = Buffer.alloc(HEADER + bytes.length)
  packet[0] = TYPE.checksum
  packet.writeUInt32BE(crc32(bytes), 1)
  packet.set(bytes, HEADER)
  return packet
}

/** Takes the layer off, if there is one. Throws `Refused` where the sum is wrong. */
export function takeChecksum (packet: Uint8Array): Uint8Array {
  if (packet[0] !== TYPE.checksum) return packet
  if (packet.length < HEADER) throw new OutOfBytes()
  const bytes = packet.subarray(HEADER)
  const sum = new DataView(packet.buffer, packet.byteOffset).getUint32(1)
  if (sum !== crc32(bytes)) throw new Refused({ reason: 'bad-checksum', detail: 'its checksum is wrong' })
  return bytes
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value >>> 1 ^ ((value & 1) === 0 ? 0 : 0xedb8_8320)
  return value
})

/** By hand, since Node 20.19 is too old for `zlib.crc32`. */
function crc32 (bytes: Uint8Array): number {
  let sum = 0xffff_ffff
  for (const byte of bytes) sum = sum >>> 8 ^ (TABLE[(sum ^ byte) & 0xff] ?? 0)
  return ~sum >>> 0
}
