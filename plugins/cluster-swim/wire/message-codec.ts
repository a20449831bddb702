import { TYPE } from './message-types.js'
import type { PacketMessage, User } from './messages.js'
import { MsgpackReader } from './msgpack-reader.js'
import { readAck, readIndirectPing, readNack, readPing, writeAck, writeIndirectPing, writeNack, writePing } from './probe-codec.js'
import { malformed } from './refusal.js'
import { readAlive, readDead, readSuspect, writeAlive, writeDead, writeSuspect } from './rumour-codec.js'

/** A message as it stands in a packet: its type, then its body. `RangeError` for a host that is no IP address. */
export function encodeMessage (message: PacketMessage): Uint8Array {
  switch (message.kind) {
    case 'ping': return writePing(message)
    case 'indirect-ping': return writeIndirectPing(message)
    case 'ack': return writeAck(message)
    case 'nack': return writeNack(message)
    case 'suspect': return writeSuspect(message)
    case 'alive': return writeAlive(message)
    case 'dead': return writeDead(message)
    case 'user': return writeUser(message)
  }
}

/** The reverse; throws `Refused` or `OutOfBytes`. Bytes after the body are passed over, as Go's nodes do. */
export function decodeMessage (bytes: Uint8Array): PacketMessage {
  const reader = new MsgpackReader(bytes, 1)
  switch (bytes[0]) {
    case TYPE.ping: return readPing(reader)
    case TYPE.indirectPing: return readIndirectPing(reader)
    case TYPE.ack: return readAck(reader)
    case TYPE.nack: return readNack(reader)
    case TYPE.suspect: return readSuspect(reader)
    case TYPE.alive: return readAlive(reader)
    case TYPE.dead: return readDead(reader)
    case TYPE.user: return { kind: 'user', bytes: reader.rest() }
    case undefined: throw malformed('it is empty')
    default: throw malformed(`no message of type ${bytes[0]} belongs into a packet`)
  }
}

function writeUser ({ bytes }: User): Uint8Array {
  const message = new Uint8Array(1 + bytes.length)
  message[0] = TYPE.user
  message.set(bytes, 1)
  return message
}
