import { LIMITS } from './limits.js'
import { TYPE } from './message-types.js'
import type { NodeRecord, StreamMessage } from './messages.js'
import { MsgpackReader } from './msgpack-reader.js'
import { readAck, readPing } from './probe-codec.js'
import { type PushPullHeader, readNodeRecord, readPushPullHeader } from './push-pull-codec.js'
import { malformed, OutOfBytes, Refused } from './refusal.js'
import { readFailure, readStreamUser } from './stream-message-codec.js'

/**
 * Reads one message of a stream from bytes that may still grow. What was read of a push/pull is kept, so that many small pieces cost no
 * more than one large one. Throws `OutOfBytes` where more must come, then reads on with the longer bytes; throws `Refused` for good.
 */
export class StreamBody {
  #position = 1
  #header: PushPullHeader | undefined
  readonly #nodes: NodeRecord[] = []

  /** `bytes` begin with the message's type, the same in each call. */
  read (bytes: Uint8Array): StreamMessage {
    switch (bytes[0]) {
      case undefined: throw new OutOfBytes()
      case TYPE.pushPull: return this.#pushPull(bytes)
      case TYPE.user: return readStreamUser(bytes)
      case TYPE.ping: return readPing(this.#short(bytes))
      case TYPE.ack: return readAck(this.#short(bytes))
      case TYPE.failure: return readFailure(this.#short(bytes))
      default: throw malformed(`no message of type ${bytes[0]} belongs into a stream`)
    }
  }

  /** What is read anew each time may be neither long nor manifold. */
  #short (bytes: Uint8Array): MsgpackReader {
    if (bytes.length > LIMITS.shortStream) throw new Refused({ reason: 'too-large', detail: 'a short message is far too long' })
    return new MsgpackReader(bytes, 1, LIMITS.values)
  }

  #pushPull (bytes: Uint8Array): StreamMessage {
    this.#header ??= this.#next(bytes, readPushPullHeader)
    const { nodes, userState, join } = this.#header
    while (this.#nodes.length < nodes) this.#nodes.push(this.#next(bytes, readNodeRecord))
    const state = new MsgpackReader(bytes, this.#position).take(userState)
    return { kind: 'push-pull', join, nodes: this.#nodes, userState: state }
  }

  /** Reads one value from where the last ended. */
  #next<Value> (bytes: Uint8Array, read: (reader: MsgpackReader) => Value): Value {
    const reader = new MsgpackReader(bytes, this.#position, LIMITS.values)
    const value = read(reader)
    this.#position = reader.position
    return value
  }
}
