import { LIMITS } from './limits.js'
import { LzwDecoder } from './lzw-decoder.js'
import { LzwEncoder } from './lzw-encoder.js'
import { TYPE } from './message-types.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { malformed } from './refusal.js'

/** The only algorithm there is. */
const LZW = 0

/** The layer that makes bytes smaller: type 9, then `{ Algo, Buf }`. */
export class Compression {
  readonly #encoder = new LzwEncoder()
  readonly #decoder = new LzwDecoder()

  compress (bytes: Uint8Array): Uint8Array {
    const packed = this.#encoder.encode(bytes)
    return new MsgpackWriter(packed.length + 24).byte(TYPE.compress).map(2).text('Algo').unsigned(LZW).text('Buf').raw(packed).finish()
  }

  /** What follows the type. Throws `Refused` beyond `limit` bytes, `OutOfBytes` where more must come. */
  decompress (reader: MsgpackReader, limit: number): Uint8Array {
    let algorithm = LZW
    let packed: Uint8Array = new Uint8Array(0)
    for (let left = reader.map(); left > 0; left--) {
      switch (reader.text(LIMITS.key)) {
        case 'Algo': algorithm = reader.integer(255); break
        case 'Buf': packed = reader.raw(LIMITS.frame); break
        default: reader.skip()
      }
    }
    if (algorithm !== LZW) throw malformed(`no compression of number ${algorithm} is known`)
    return this.#decoder.decode(packed, limit)
  }
}
