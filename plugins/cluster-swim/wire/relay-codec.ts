import { hostBytes, hostOf } from './host-bytes.js'
import { LIMITS } from './limits.js'
import { MAXIMUM_PORT } from './message-types.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { malformed } from './refusal.js'
import type { Relay } from './serf-messages.js'
import { SERF_TYPE } from './serf-types.js'

export function readRelay (reader: MsgpackReader): Relay {
  let node = ''
  let place = { host: '', port: 0 }
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'DestAddr': place = readPlace(reader); break
      case 'DestName': node = reader.text(LIMITS.name); break
      default: reader.skip()
    }
  }
  if (place.host === '' || place.port === 0) throw malformed('a message to hand on without an address')
  return { kind: 'relay', node, ...place, message: reader.rest() }
}

export function writeRelay ({ node, host, port, message }: Relay): Uint8Array {
  const out = new MsgpackWriter(128 + message.length).byte(SERF_TYPE.relay).map(2).text('DestAddr').map(3)
  out.text('IP').raw(hostBytes(host)).text('Port').unsigned(port).text('Zone').text('')
  return out.text('DestName').text(node).append(message).finish()
}

function readPlace (reader: MsgpackReader): { host: string, port: number } {
  let host = ''
  let port = 0
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'IP': host = hostOf(reader.raw(LIMITS.name)); break
      case 'Port': port = reader.integer(MAXIMUM_PORT); break
      default: reader.skip()
    }
  }
  return { host, port }
}
