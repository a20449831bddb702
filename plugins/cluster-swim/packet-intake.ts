import type { Clock, Timer } from '../../kernel/contract/index.js'
import type { Drops } from './drops.js'
import type { Post } from './gossip/post.js'
import type { MemberRecord } from './members/member-record.js'
import type { MemberRules } from './members/member-rules.js'
import type { MemberTable } from './members/member-table.js'
import { isSameAddress, type Address } from './network/network.js'
import type { AckBook } from './probing/ack-book.js'
import { decodeExtension, type PingExtension } from './probing/ping-extension.js'
import type { ProbeTools } from './probing/probe.js'
import type { SerfLayer } from './serf/serf-layer.js'
import type { SwimSettings } from './settings.js'
import type { IndirectPing, PacketMessage, Ping } from './wire/messages.js'
import type { PacketCodec } from './wire/packet-codec.js'

/** Most probes that this node makes for others at a time. */
const MOST_FOR_OTHERS = 512
const NOTHING = new Uint8Array()

export interface IntakeParts {
  readonly me: MemberRecord
  readonly table: MemberTable
  readonly rules: MemberRules
  readonly post: Post
  readonly codec: PacketCodec
  readonly acks: AckBook
  readonly tools: ProbeTools
  readonly serf: SerfLayer
  readonly drops: Drops
  readonly clock: Clock
  readonly settings: SwimSettings
  extension (): Uint8Array
  heardExtension (record: MemberRecord, extension: PingExtension): void
}

/** Takes packets from other nodes, and answers their probes (memberlist §6.7). */
export class PacketIntake {
  readonly #timers = new Set<Timer>()
  #forOthers = 0

  constructor (private readonly parts: IntakeParts) {}

  stop (): void {
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }

  packet (from: Address, bytes: Uint8Array): void {
    const { messages, refusal } = this.parts.codec.open(bytes)
    for (const message of messages) this.#message(from, message)
    if (refusal !== undefined) this.parts.drops.note(from, refusal.reason, refusal.detail)
  }

  #message (from: Address, message: PacketMessage): void {
    const { parts } = this
    switch (message.kind) {
      case 'ping': this.#ping(from, message); break
      case 'indirect-ping': this.#pingForAnother(from, message); break
      case 'ack': parts.acks.ack(message.sequence, from, message.payload); break
      case 'nack': parts.acks.nack(message.sequence); break
      case 'suspect': parts.rules.suspect(message); break
      case 'alive': parts.rules.alive(message.port === 0 ? { ...message, port: parts.me.port } : message); break
      case 'dead': parts.rules.dead(message); break
      case 'user': parts.serf.heard(message.bytes); break
    }
  }

  #ping (from: Address, { node, sequence, source, extension }: Ping): void {
    const { me, table, post, drops } = this.parts
    if (node !== '' && node !== me.name) {
      drops.note(from, 'misdirected', `it asks for a node "${node}", and this one is "${me.name}"`)
      return
    }
    const record = source === undefined ? undefined : table.get(source.node)
    const told = decodeExtension(extension)
    if (record !== undefined && record !== me && told !== undefined) this.parts.heardExtension(record, told)
    // Only Caxton nodes ask with an extension. Serf's agents get no coordinate, which they do without.
    const payload = extension.length === 0 ? NOTHING : this.parts.extension()
    const answer: PacketMessage[] = [{ kind: 'ack', sequence, payload }]
    // Who is taken for dead hears of it, and says that it is not.
    if (record?.state === 'dead' && source !== undefined && isSameAddress(source, record)) {
      answer.push({ kind: 'dead', node: record.name, incarnation: record.incarnation, from: me.name })
    }
    post.send(source ?? from, answer, true)
  }

  #pingForAnother (from: Address, { sequence, node, host, port, wantsNack, source }: IndirectPing): void {
    const { parts } = this
    if (this.#forOthers >= MOST_FOR_OTHERS) {
      parts.drops.note(from, 'overload', 'too many probes are made for others already')
      return
    }
    this.#forOthers += 1
    const asker = source ?? from
    let isAnswered = false
    const own = parts.acks.expect({
      acked: () => {
        isAnswered = true
        parts.post.send(asker, [{ kind: 'ack', sequence, payload: NOTHING }], false)
      },
    })
    parts.post.send({ host, port }, [parts.tools.ping(own, node)], false)
    const { probeTimeout, probeInterval } = parts.settings
    this.#later(probeTimeout, () => {
      if (wantsNack && !isAnswered) parts.post.send(asker, [{ kind: 'nack', sequence }], false)
    })
    this.#later(Math.max(probeTimeout, probeInterval), () => {
      parts.acks.forget(own)
      this.#forOthers -= 1
    })
  }

  #later (wait: number, act: () => void): void {
    const timer = this.parts.clock.after(wait, () => {
      this.#timers.delete(timer)
      act()
    })
    this.#timers.add(timer)
  }
}
