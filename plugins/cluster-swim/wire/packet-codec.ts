import { addChecksum, takeChecksum } from './checksum.js'
import { joinMessages } from './compound.js'
import { Compression } from './compression.js'
import { decrypt, encrypt, ENCRYPTION_OVERHEAD } from './encryption.js'
import { Label } from './label.js'
import { PacketOpener, type PacketReading } from './packet-opener.js'
import { Refused, refusalOf } from './refusal.js'
import type { WireSettings } from './wire-settings.js'

/** Smaller ones gain too little for the time that compression takes. Bytes. */
const WORTH_COMPRESSING = 300

/**
 * Packets (datagrams) of memberlist: messages, together in a compound layer if there are several, compressed if that makes them
 * smaller, with a checksum if the receiver understands one, encrypted, behind the label.
 */
export class PacketCodec {
  readonly #label: Label
  readonly #compression = new Compression()
  readonly #opener = new PacketOpener(this.#compression)

  /** `RangeError` for a label beyond 255 bytes. */
  constructor (private readonly settings: WireSettings) {
    this.#label = new Label(settings.label)
  }

  /** Bytes that label and encryption add to a packet. */
  get overhead (): number {
    return this.#label.header.length + (this.#encrypts ? ENCRYPTION_OVERHEAD : 0)
  }

  /**
   * One packet of 1 to 255 encoded messages (`RangeError` for more). `checksum`: only for nodes whose maximum protocol version is
   * known to be 5 or more.
   */
  seal (messages: readonly Uint8Array[], checksum: boolean): Uint8Array {
    const [only] = messages
    let packet = only !== undefined && messages.length === 1 ? only : joinMessages(messages)
    if (this.settings.compression && packet.length >= WORTH_COMPRESSING) {
      const smaller = this.#compression.compress(packet)
      if (smaller.length < packet.length) packet = smaller
    }
    if (checksum) packet = addChecksum(packet)
    const { keyRing, random } = this.settings
    if (keyRing !== undefined && this.#encrypts) packet = encrypt(keyRing, random, packet, this.#label.bytes)
    return this.#label.header.length === 0 ? packet : Buffer.concat([this.#label.header, packet])
  }

  /** Never throws, whatever came. The messages' bytes are views of `packet`, unless it was encrypted or compressed. */
  open (packet: Uint8Array): PacketReading {
    try {
      return this.#opener.open(takeChecksum(this.#decrypted(packet.subarray(this.#label.check(packet)))))
    } catch (thrown) {
      return { messages: [], refusal: refusalOf(thrown) }
    }
  }

  get #encrypts (): boolean {
    return this.settings.keyRing !== undefined && this.settings.verifyOutgoing
  }

  #decrypted (packet: Uint8Array): Uint8Array {
    const { keyRing, verifyIncoming } = this.settings
    if (keyRing === undefined) return packet
    const plain = decrypt(keyRing, packet, this.#label.bytes)
    if (plain !== undefined) return plain
    if (!verifyIncoming) return packet
    throw this.#isPlain(packet)
      ? new Refused({ reason: 'plaintext', detail: 'it is not encrypted' })
      : new Refused({ reason: 'undecryptable', detail: 'no key of ours opens it' })
  }

  /** A ping looks like version 0 of encryption, an indirect ping like version 1: only reading them tells. */
  #isPlain (packet: Uint8Array): boolean {
    try {
      return this.#opener.open(takeChecksum(packet)).refusal === undefined
    } catch {
      return false
    }
  }
}
