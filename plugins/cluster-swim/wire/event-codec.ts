import { LIMITS } from './limits.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import type { UserEvent } from './serf-messages.js'
import { SERF_TYPE } from './serf-types.js'

export function readUserEvent (reader: MsgpackReader): UserEvent {
  let time = 0
  let name = ''
  let payload: Uint8Array = new Uint8Array(0)
  let coalesce = false
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'LTime': time = reader.integer(Number.MAX_SAFE_INTEGER); break
      case 'Name': name = reader.text(LIMITS.packet); break
      case 'Payload': payload = reader.raw(LIMITS.packet); break
      case 'CC': coalesce = reader.boolean(); break
      default: reader.skip()
    }
  }
  return { kind: 'event', time, name, payload, coalesce }
}

export function writeUserEvent ({ time, name, payload, coalesce }: UserEvent): Uint8Array {
  const out = new MsgpackWriter(64 + name.length + payload.length).byte(SERF_TYPE.event).map(4)
  return out.text('CC').boolean(coalesce).text('LTime').unsigned(time).text('Name').text(name).text('Payload').rawOrNil(payload).finish()
}
