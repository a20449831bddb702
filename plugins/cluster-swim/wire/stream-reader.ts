import type { Compression } from './compression.js'
import { decrypt } from './encryption.js'
import type { Label } from './label.js'
import { LIMITS } from './limits.js'
import { TYPE } from './message-types.js'
import type { StreamMessage } from './messages.js'
import { MsgpackReader } from './msgpack-reader.js'
import { malformed, OutOfBytes, type Refusal, Refused, refusalOf } from './refusal.js'
import { StreamBody } from './stream-body.js'
import { StreamInput } from './stream-input.js'
import type { WireSettings } from './wire-settings.js'

const HEADER = 5

/** `waiting`: more must come. The others are final. */
export type StreamReading =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'message', readonly message: StreamMessage }
  | { readonly kind: 'refused', readonly refusal: Refusal }

const WAITING: StreamReading = { kind: 'waiting' }

/** Reads the one message that comes over a connection, from pieces of any size. What comes after it is passed over. */
export class StreamReader {
  readonly #input = new StreamInput()
  readonly #body = new StreamBody()
  /** Bytes of the label's header; undefined before it was checked. */
  #start: number | undefined
  #reading: StreamReading = WAITING

  constructor (
    private readonly settings: WireSettings,
    private readonly label: Label,
    private readonly compression: Compression,
    /** Whether the other end dialed, which alone sends a label. */
    private readonly takesLabel: boolean,
  ) {}

  /** Bytes of memory that wait for the rest of the message. */
  get held (): number {
    return this.#input.capacity
  }

  /** Never throws, whatever came. Once it has given a message or a refusal, it gives the same for ever. */
  push (chunk: Uint8Array): StreamReading {
    if (this.#reading.kind !== 'waiting') return this.#reading
    try {
      this.#input.add(chunk, LIMITS.stream)
      this.#reading = { kind: 'message', message: this.#read() }
    } catch (thrown) {
      if (thrown instanceof OutOfBytes) return WAITING
      this.#reading = { kind: 'refused', refusal: refusalOf(thrown) }
    }
    this.#input.clear()
    return this.#reading
  }

  /** The other end has sent all: a message that is not whole by now never will be. */
  end (): StreamReading {
    if (this.#reading.kind === 'waiting') {
      this.#reading = { kind: 'refused', refusal: refusalOf(new OutOfBytes()) }
      this.#input.clear()
    }
    return this.#reading
  }

  #read (): StreamMessage {
    this.#start ??= this.takesLabel ? this.label.check(this.#input.view()) : 0
    const bytes = this.#input.view().subarray(this.#start)
    if (bytes[0] === undefined) throw new OutOfBytes()
    if (bytes[0] === TYPE.encrypt) {
      const plain = this.#decrypted(bytes)
      return whole(() => new StreamBody().read(plain[0] === TYPE.compress ? this.#decompressed(plain) : plain))
    }
    if (this.settings.keyRing !== undefined && this.settings.verifyIncoming) {
      throw new Refused({ reason: 'plaintext', detail: 'it is not encrypted' })
    }
    if (bytes[0] !== TYPE.compress) return this.#body.read(bytes)
    const plain = this.#decompressed(bytes)
    return whole(() => new StreamBody().read(plain))
  }

  #decompressed (bytes: Uint8Array): Uint8Array {
    return this.compression.decompress(new MsgpackReader(bytes, 1, LIMITS.values), LIMITS.stream)
  }

  #decrypted (bytes: Uint8Array): Uint8Array {
    const { keyRing } = this.settings
    if (bytes.length < HEADER) throw new OutOfBytes()
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
    if (length > LIMITS.frame) {
      throw new Refused({ reason: 'too-large', detail: `an encrypted frame of ${length} bytes where ${LIMITS.frame} are the most` })
    }
    if (keyRing === undefined) throw new Refused({ reason: 'undecryptable', detail: 'it is encrypted, and we have no key' })
    if (bytes.length < HEADER + length) throw new OutOfBytes()
    const authenticated = Buffer.concat([bytes.subarray(0, HEADER), this.label.bytes])
    const plain = decrypt(keyRing, bytes.subarray(HEADER, HEADER + length), authenticated)
    if (plain === undefined) throw new Refused({ reason: 'undecryptable', detail: 'no key of ours opens it' })
    return plain
  }
}

/** Nothing can follow bytes that were framed: running out of them is a fault. */
function whole<Value> (read: () => Value): Value {
  try {
    return read()
  } catch (thrown) {
    throw thrown instanceof OutOfBytes ? malformed(thrown.message) : thrown
  }
}
