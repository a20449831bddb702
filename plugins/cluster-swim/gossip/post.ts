import { MemberRecord } from '../members/member-record.js'
import type { Address, Network } from '../network/network.js'
import { COMPOUND_OVERHEAD } from '../wire/compound.js'
import { encodeMessage } from '../wire/message-codec.js'
import type { Alive, Dead, PacketMessage, Suspect } from '../wire/messages.js'
import type { PacketCodec } from '../wire/packet-codec.js'
import type { BroadcastQueue } from './broadcast-queue.js'

/** Protocol version from which on a node understands checksums. */
const CHECKSUM_SINCE = 5

/** Sends packets, and fills them up with what is to be told to everybody. */
export class Post {
  constructor (
    private readonly network: Network,
    private readonly codec: PacketCodec,
    /** News of nodes. */
    private readonly news: BroadcastQueue,
    /** What the layer above tells everybody; comes after the news. */
    private readonly userMessages: BroadcastQueue,
    private readonly packetSize: number,
  ) {}

  /** Messages that still wait to be told to everybody. */
  get waiting (): number {
    return this.news.size + this.userMessages.size
  }

  /** Packets that hold all of it once. */
  get packetsWaiting (): number {
    return Math.ceil((this.news.bytes + this.userMessages.bytes) / this.#room)
  }

  send (to: Address, messages: readonly PacketMessage[], withGossip: boolean): void {
    const parts = messages.map(encodeMessage)
    if (withGossip && this.waiting > 0) {
      const used = parts.reduce((sum, part) => sum + part.length + COMPOUND_OVERHEAD.message, 0)
      parts.push(...this.#gossip(used))
    }
    this.#seal(to, parts)
  }

  /** A packet of what is to be told to everybody; false when nothing is. */
  gossip (to: Address): boolean {
    const parts = this.#gossip(0)
    if (parts.length > 0) this.#seal(to, parts)
    return parts.length > 0
  }

  /** Is to be told to everybody. `sent` is called when it went out for the first time. */
  broadcast (message: Alive | Suspect | Dead, sent?: () => void): void {
    this.news.put(encodeMessage(message), message.node, sent)
  }

  /** The same for bytes of the layer above, which stay as they are. */
  broadcastUser (bytes: Uint8Array, sent?: () => void): void {
    this.userMessages.put(encodeMessage({ kind: 'user', bytes }), undefined, sent)
  }

  #gossip (used: number): Uint8Array[] {
    const room = this.#room - used
    const parts = this.news.take(room)
    const taken = parts.reduce((sum, part) => sum + part.length + COMPOUND_OVERHEAD.message, 0)
    return this.userMessages.size === 0 ? parts : [...parts, ...this.userMessages.take(room - taken)]
  }

  get #room (): number {
    return this.packetSize - this.codec.overhead - COMPOUND_OVERHEAD.layer
  }

  #seal (to: Address, parts: readonly Uint8Array[]): void {
    const understandsChecksum = to instanceof MemberRecord && (to.versions?.maximum ?? 0) >= CHECKSUM_SINCE
    this.network.send(to, this.codec.seal(parts, understandsChecksum))
  }
}
