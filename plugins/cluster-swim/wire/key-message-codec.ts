import { LIMITS } from './limits.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import type { KeyRequest, KeyResponse } from './serf-messages.js'
import { SERF_TYPE } from './serf-types.js'

export function readKeyRequest (reader: MsgpackReader): KeyRequest {
  let key: Uint8Array = new Uint8Array(0)
  for (let left = reader.map(); left > 0; left--) {
    if (reader.text(LIMITS.key) === 'Key') key = reader.raw(LIMITS.key)
    else reader.skip()
  }
  return { kind: 'key-request', key }
}

export function writeKeyRequest ({ key }: KeyRequest): Uint8Array {
  return new MsgpackWriter().byte(SERF_TYPE.keyRequest).map(1).text('Key').raw(key).finish()
}

export function readKeyResponse (reader: MsgpackReader): KeyResponse {
  let succeeded = false
  let message = ''
  const keys: string[] = []
  let primaryKey = ''
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Result': succeeded = reader.boolean(); break
      case 'Message': message = reader.text(LIMITS.packet); break
      case 'Keys': for (let more = reader.array(); more > 0; more--) keys.push(reader.text(LIMITS.key)); break
      case 'PrimaryKey': primaryKey = reader.text(LIMITS.key); break
      default: reader.skip()
    }
  }
  return { kind: 'key-response', succeeded, message, keys, primaryKey }
}

export function writeKeyResponse ({ succeeded, message, keys, primaryKey }: KeyResponse): Uint8Array {
  const out = new MsgpackWriter(256).byte(SERF_TYPE.keyResponse).map(4).text('Keys').array(keys.length)
  for (const key of keys) out.text(key)
  return out.text('Message').text(message).text('PrimaryKey').text(primaryKey).text('Result').boolean(succeeded).finish()
}
