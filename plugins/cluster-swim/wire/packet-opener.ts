import { splitMessages } from './compound.js'
import type { Compression } from './compression.js'
import { LIMITS } from './limits.js'
import { decodeMessage } from './message-codec.js'
import { TYPE } from './message-types.js'
import type { PacketMessage } from './messages.js'
import { MsgpackReader } from './msgpack-reader.js'
import { malformed, type Refusal, refusalOf } from './refusal.js'

/** What a packet held. Where a part of it is damaged, there are both: messages that are good, and the first refusal. */
export interface PacketReading {
  readonly messages: readonly PacketMessage[]
  readonly refusal: Refusal | undefined
}

/** Takes the compress and compound layers off, which may stand in one another, and reads the messages. */
export class PacketOpener {
  #messages: PacketMessage[] = []
  #refusal: Refusal | undefined
  #room = 0

  constructor (private readonly compression: Compression) {}

  /** Never throws for what came. */
  open (packet: Uint8Array): PacketReading {
    this.#messages = []
    this.#refusal = undefined
    this.#room = LIMITS.packet
    this.#layer(packet, 0)
    return { messages: this.#messages, refusal: this.#refusal }
  }

  /** A layer that is damaged spoils nothing beside it. */
  #layer (bytes: Uint8Array, depth: number): void {
    try {
      if (depth > LIMITS.depth) throw malformed(`more than ${LIMITS.depth} layers stand in one another`)
      if (bytes[0] === TYPE.compress) this.#layer(this.#decompressed(bytes), depth + 1)
      else if (bytes[0] === TYPE.compound) this.#compound(bytes, depth)
      else this.#messages.push(decodeMessage(bytes))
    } catch (thrown) {
      this.#refusal ??= refusalOf(thrown)
    }
  }

  #compound (bytes: Uint8Array, depth: number): void {
    const { messages, cut } = splitMessages(bytes)
    for (const message of messages) this.#layer(message, depth + 1)
    if (cut > 0) throw malformed(`the last ${cut} of its messages are cut off`)
  }

  /** All of one packet together stays within the limit. Whatever fails takes the rest of it, so that work is bounded as well. */
  #decompressed (bytes: Uint8Array): Uint8Array {
    const room = this.#room
    this.#room = 0
    const plain = this.compression.decompress(new MsgpackReader(bytes, 1), room)
    this.#room = room - plain.length
    return plain
  }
}
