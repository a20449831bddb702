import { Compression } from './compression.js'
import { encrypt, ENCRYPTION_OVERHEAD } from './encryption.js'
import { Label } from './label.js'
import { TYPE } from './message-types.js'
import type { StreamMessage } from './messages.js'
import { encodeStreamMessage } from './stream-message-codec.js'
import { StreamReader } from './stream-reader.js'
import type { WireSettings } from './wire-settings.js'

/** Which end of a connection one is. Only who dials sends the label, and only once, before all else. */
export type StreamEnd = 'dialer' | 'acceptor'

const HEADER = 5

/** Streams (TCP connections) of memberlist: one message each way at most, compressed, then encrypted in one frame. */
export class StreamCodec {
  readonly #label: Label
  readonly #compression = new Compression()

  /** `RangeError` for a label beyond 255 bytes. */
  constructor (private readonly settings: WireSettings) {
    this.#label = new Label(settings.label)
  }

  /** All that `end` writes to say this. */
  encode (message: StreamMessage, end: StreamEnd): Uint8Array {
    const plain = encodeStreamMessage(message)
    const body = this.#encrypted(this.settings.compression ? this.#compression.compress(plain) : plain)
    return end === 'dialer' && this.#label.header.length > 0 ? Buffer.concat([this.#label.header, body]) : body
  }

  /** Reads what comes to `end`. One for each connection. */
  reader (end: StreamEnd): StreamReader {
    return new StreamReader(this.settings, this.#label, this.#compression, end === 'acceptor')
  }

  #encrypted (body: Uint8Array): Uint8Array {
    const { keyRing, verifyOutgoing, random } = this.settings
    if (keyRing === undefined || !verifyOutgoing) return body
    const header = Buffer.alloc(HEADER)
    header[0] = TYPE.encrypt
    header.writeUInt32BE(body.length + ENCRYPTION_OVERHEAD, 1)
    return Buffer.concat([header, encrypt(keyRing, random, body, Buffer.concat([header, this.#label.bytes]))])
  }
}
