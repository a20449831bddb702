import { LIMITS } from './limits.js'
import { TYPE } from './message-types.js'
import type { Failure, StreamMessage, User } from './messages.js'
import { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { writeAck, writePing } from './probe-codec.js'
import { writePushPull } from './push-pull-codec.js'
import { Refused } from './refusal.js'

/** A message as it stands in a stream: its type, then its body. `RangeError` for a host that is no IP address. */
export function encodeStreamMessage (message: StreamMessage): Uint8Array {
  switch (message.kind) {
    case 'ping': return writePing(message)
    case 'ack': return writeAck(message)
    case 'user': return writeUser(message)
    case 'push-pull': return writePushPull(message)
    case 'failure': return writeFailure(message)
  }
}

/** Unlike in a packet, its length stands before it. */
export function readStreamUser (bytes: Uint8Array): User {
  const reader = new MsgpackReader(bytes, 1, LIMITS.values)
  let length = 0
  for (let left = reader.map(); left > 0; left--) {
    if (reader.text(LIMITS.key) === 'UserMsgLen') length = reader.integer(Number.MAX_SAFE_INTEGER)
    else reader.skip()
  }
  if (length > LIMITS.userMessage) {
    throw new Refused({ reason: 'too-large', detail: `a user message of ${length} bytes where ${LIMITS.userMessage} are the most` })
  }
  return { kind: 'user', bytes: reader.take(length) }
}

export function readFailure (reader: MsgpackReader): Failure {
  let reason = ''
  for (let left = reader.map(); left > 0; left--) {
    if (reader.text(LIMITS.key) === 'Error') reason = reader.text(LIMITS.shortStream)
    else reader.skip()
  }
  return { kind: 'failure', reason }
}

function writeUser ({ bytes }: User): Uint8Array {
  return new MsgpackWriter(bytes.length + 24).byte(TYPE.user).map(1).text('UserMsgLen').unsigned(bytes.length).append(bytes).finish()
}

function writeFailure ({ reason }: Failure): Uint8Array {
  return new MsgpackWriter(reason.length + 32).byte(TYPE.failure).map(1).text('Error').text(reason).finish()
}
