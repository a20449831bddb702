import { readConflictResponse, writeConflictResponse } from './conflict-codec.js'
import { readUserEvent, writeUserEvent } from './event-codec.js'
import { readJoinIntent, readLeaveIntent, writeJoinIntent, writeLeaveIntent } from './intent-codec.js'
import { readKeyRequest, readKeyResponse, writeKeyRequest, writeKeyResponse } from './key-message-codec.js'
import { MsgpackReader } from './msgpack-reader.js'
import { readQuery, readQueryResponse, writeQuery, writeQueryResponse } from './query-codec.js'
import { malformed, type Refusal, refusalOf } from './refusal.js'
import { readRelay, writeRelay } from './relay-codec.js'
import type { SerfMessage } from './serf-messages.js'
import { readSerfState, writeSerfState } from './serf-state-codec.js'
import { SERF_TYPE } from './serf-types.js'

export type SerfReading =
  | { readonly kind: 'message', readonly message: SerfMessage }
  | { readonly kind: 'refused', readonly refusal: Refusal }

/** For a user message, a user state or the payload of a query. `RangeError` for a host that is no IP address. */
export function encodeSerfMessage (message: SerfMessage): Uint8Array {
  switch (message.kind) {
    case 'leave': return writeLeaveIntent(message)
    case 'join': return writeJoinIntent(message)
    case 'state': return writeSerfState(message)
    case 'event': return writeUserEvent(message)
    case 'query': return writeQuery(message)
    case 'response': return writeQueryResponse(message)
    case 'conflict-response': return writeConflictResponse(message)
    case 'key-request': return writeKeyRequest(message)
    case 'key-response': return writeKeyResponse(message)
    case 'relay': return writeRelay(message)
  }
}

/** The reverse. Never throws, whatever came. The message's bytes are views of `bytes`. */
export function decodeSerfMessage (bytes: Uint8Array): SerfReading {
  try {
    return { kind: 'message', message: read(bytes) }
  } catch (thrown) {
    return { kind: 'refused', refusal: refusalOf(thrown) }
  }
}

function read (bytes: Uint8Array): SerfMessage {
  const reader = new MsgpackReader(bytes, 1)
  switch (bytes[0]) {
    case SERF_TYPE.leave: return readLeaveIntent(reader)
    case SERF_TYPE.join: return readJoinIntent(reader)
    case SERF_TYPE.state: return readSerfState(reader)
    case SERF_TYPE.event: return readUserEvent(reader)
    case SERF_TYPE.query: return readQuery(reader)
    case SERF_TYPE.response: return readQueryResponse(reader)
    case SERF_TYPE.conflictResponse: return readConflictResponse(reader)
    case SERF_TYPE.keyRequest: return readKeyRequest(reader)
    case SERF_TYPE.keyResponse: return readKeyResponse(reader)
    case SERF_TYPE.relay: return readRelay(reader)
    default: throw malformed(bytes.length === 0 ? 'it is empty' : `no Serf message of type ${bytes[0]} is known`)
  }
}
