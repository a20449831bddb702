import {
  type Clock, type Membership, type PeerHandlers, type Peers, type Random, type RegistryChange,
} from '../../../kernel/contract/index.js'
import type { GossipRegistryConfig } from '../gossip-registry-config.js'
import { RegistryMessageMalformed } from '../registry-errors.js'
import type { RegistryMeter } from '../registry-meter.js'
import type { RegistryTable } from '../records/registry-table.js'
import { readMessage, type LogPart } from '../wire/registry-messages.js'
import { HeadExchange } from './head-exchange.js'
import { HeadReview } from './head-review.js'
import { LogIntake } from './log-intake.js'
import { answerOf } from './log-reading.js'
import { Neighbours, type KnownMembers } from './neighbours.js'
import type { OwnLog } from './own-log.js'
import { Puller } from './puller.js'
import { Pusher } from './pusher.js'

/** What the exchange with other nodes is made of. */
export interface ExchangeParts {
  readonly own: OwnLog
  readonly table: RegistryTable
  readonly peers: Pick<Peers, 'channel'>
  readonly membership: KnownMembers & Pick<Membership, 'whisper'>
  readonly clock: Clock
  readonly random: Random
  readonly config: GossipRegistryConfig
  readonly meter: RegistryMeter
  changed (changes: readonly RegistryChange[]): void
  /** Others know a log of this node that this start did not write, of that epoch. */
  disputed (epoch: number): void
}

/** All that goes on between this node and others about their agents. */
export class RegistryExchange implements PeerHandlers {
  readonly #intake: LogIntake
  readonly #puller: Puller
  readonly #pusher: Pusher
  readonly #heads: HeadExchange

  constructor (private readonly parts: ExchangeParts) {
    const { own, table, peers, membership, clock, random, config, meter } = parts
    const channel = peers.channel('registry', this)
    const neighbours = new Neighbours(membership, random, own.owner.nodeId)
    const settings = { timeout: config.pull_timeout, snapshots: config.snapshots }
    this.#intake = new LogIntake(table, parts.changed)
    this.#puller = new Puller(this.#intake, neighbours, channel, clock, random, settings, meter)
    this.#pusher = new Pusher(own.owner, neighbours, channel, clock, config.push_interval, meter)
    const review = new HeadReview(own, table, this.#intake, this.#puller, neighbours, clock, parts.disputed)
    this.#heads = new HeadExchange(own.owner, table, neighbours, channel, review, clock, random, config.heads_interval, meter)
  }

  start (): void {
    this.#puller.start()
    this.#pusher.start()
    this.#heads.start()
    this.parts.membership.whisper(this.#heads)
  }

  stop (): void {
    this.#heads.stop()
    this.#pusher.stop()
    this.#puller.stop()
  }

  /** This node's log may have got longer. */
  noted (): void {
    this.#pusher.noted()
  }

  /** This node's log began anew. */
  renewed (): void {
    this.#pusher.start()
  }

  forget (nodeId: string): void {
    const owner = this.parts.table.owner(nodeId)
    if (!owner) return
    this.#puller.forget(owner)
    this.#intake.forget(owner)
  }

  /** Living nodes of which something has been missing for so many milliseconds. */
  missing (milliseconds: number): string[] {
    return this.#puller.missing(milliseconds)
  }

  heard (nodeId: string, bytes: Uint8Array): void {
    try {
      const message = readMessage(bytes)
      if (message.kind === 'part' && message.part.nodeId === nodeId) this.#pushed(message.part)
      else if (message.kind === 'heads') this.#heads.told(nodeId, message.heads, message.isAnswer)
      else throw RegistryMessageMalformed({ at: 0, problem: `nobody sends a "${message.kind}" unasked, or for another` })
    } catch (error) {
      this.parts.meter.malformed(nodeId, error)
    }
  }

  async asked (nodeId: string, bytes: Uint8Array): Promise<Uint8Array> {
    try {
      const message = readMessage(bytes)
      if (message.kind !== 'pull') throw RegistryMessageMalformed({ at: 0, problem: `"${message.kind}" is no question` })
      return answerOf(this.parts.table, message.pull)
    } catch (error) {
      this.parts.meter.malformed(nodeId, error)
      throw error
    }
  }

  #pushed (part: LogPart): void {
    const { table, own, meter, clock } = this.parts
    const { nodeId, epoch, to: sequence } = part
    const owner = nodeId === own.owner.nodeId ? undefined : table.own(nodeId)
    if (!owner) return
    owner.heardAt = clock.now()
    const intake = this.#intake.part(owner, part)
    if (intake === 'taken') {
      meter.received(part.entries.length)
      meter.waited(part.age)
    }
    const isMissed = intake === 'gap' && !owner.load
    const head = part.head ?? { nodeId, epoch, sequence, hash: 0, count: 0 }
    if (isMissed || intake === 'wrong') this.#puller.want(owner, head, nodeId, intake === 'wrong')
  }
}
