import {
  ClusterNodeAlive, ClusterNodeSilent, ClusterNodeUnknown,
  type ClusterView, type Member, type MemberChange, type Membership, type NodeRoad, type Whisper,
} from '../../kernel/contract/index.js'
import { ClusterRemovalRefused, ClusterTagsTooLong } from './cluster-errors.js'
import { Joiner } from './exchange/joiner.js'
import { Feed } from './feed.js'
import type { MemberRecord } from './members/member-record.js'
import { tagsOf } from './members/node-description.js'
import type { Address, NetworkEvents } from './network/network.js'
import type { RosterRecord } from './partition/roster-record.js'
import { LONGEST_WHISPER } from './probing/ping-extension.js'
import { Departure } from './departure.js'
import { SwimCore } from './swim-core.js'
import { SwimLoops } from './swim-loops.js'
import type { SwimEvents, SwimNeeds } from './swim-needs.js'
import type { StreamMessage } from './wire/messages.js'
import { encodeTags } from './wire/tags.js'

/** One node of a cluster, on a network whose port is open. */
export class SwimNode implements Membership {
  readonly core: SwimCore
  readonly loops: SwimLoops
  readonly #changes: Feed<MemberChange>
  readonly #views: Feed<ClusterView>
  #whisper: Whisper | undefined
  #isStopped = false

  /** `address`: under which others reach this node. */
  constructor (private readonly needs: SwimNeeds, address: Address, private readonly events: SwimEvents) {
    this.#changes = new Feed(needs.log)
    this.#views = new Feed(needs.log)
    this.core = new SwimCore(needs, address, {
      changed: (record, kind, because) => { this.#changed(record, kind, because) },
      rosterChanged: records => { this.#rosterChanged(records) },
      finalCheck: record => { this.loops.prober.finalCheck(record) },
      doubt: record => { this.loops.prober.doubt(record) },
      lostName: holder => { this.#expelled({ kind: 'name-taken', holder }) },
      streamMessage: (from, message) => this.#answer(from, message),
      whisper: () => this.#tell(),
    })
    const heard = (nodeId: string, bytes: Uint8Array): void => { this.#whisper?.heard(nodeId, bytes) }
    this.loops = new SwimLoops(this.core, { view: view => { this.#viewed(view) } }, heard)
  }

  /** What the network calls. */
  get networkEvents (): NetworkEvents {
    return {
      packet: (from, bytes) => { if (!this.#isStopped) this.loops.intake.packet(from, bytes) },
      stream: stream => this.core.exchanges.accept(stream),
      unreachable: to => {
        const record = this.core.table.at(to)
        if (record !== undefined && !this.#isStopped) this.loops.prober.unreachable(record)
      },
    }
  }

  /** Reads what outlived the last run, and begins to answer. */
  async start (): Promise<void> {
    const { incarnation, roster, me } = this.core
    await incarnation.load()
    await roster.load()
    this.#describe([])
    roster.decide(me.name, 'admitted', me.incarnation)
    this.loops.start()
  }

  async stop (): Promise<void> {
    this.#isStopped = true
    this.loops.stop()
    this.core.conflicts.stop()
    this.core.exchanges.stop()
    this.#changes.clear()
    this.#views.clear()
    await Promise.all([this.core.incarnation.settled(), this.core.roster.settled()])
  }

  self (): Member {
    return this.core.me.asMember()
  }

  members (): readonly Member[] {
    return [...this.core.table.all()].map(record => record.asMember()).sort((one, other) => one.nodeId < other.nodeId ? -1 : 1)
  }

  member (nodeId: string): Member | undefined {
    return this.core.table.get(nodeId)?.asMember()
  }

  view (): ClusterView {
    return this.loops.standing.view()
  }

  onChange (changed: (change: MemberChange) => void, signal: AbortSignal): void {
    this.#changes.on(changed, signal)
  }

  onView (changed: (view: ClusterView) => void, signal: AbortSignal): void {
    this.#views.on(changed, signal)
  }

  advertise (roads: readonly NodeRoad[]): void {
    this.#describe(roads)
    if (this.core.seeds.isEmpty) return
    this.loops.redial.now()
  }

  reconciled (): void {
    this.loops.standing.reconciled()
  }

  join (seeds: readonly string[], signal: AbortSignal): Promise<number> {
    return new Joiner(this.core).join(seeds, signal)
  }

  async leave (signal: AbortSignal): Promise<void> {
    await new Departure(this.core, this.loops).go(signal)
  }

  async remove (nodeId: string, force: boolean): Promise<void> {
    const { roster, table, me, serf } = this.core
    const record = table.get(nodeId)
    if (nodeId === me.name) throw ClusterNodeAlive({ nodeId })
    if (record === undefined && !roster.isAdmitted(nodeId)) throw ClusterNodeUnknown({ nodeId })
    if (record?.isUp && !force) throw ClusterNodeAlive({ nodeId })
    if (!force && !this.view().isWritable) throw ClusterRemovalRefused({ nodeId })
    if (record !== undefined && !record.isUp) serf.announceLeave(nodeId)
    const isUp = record?.isUp === true
    roster.decide(nodeId, 'removed', record?.incarnation ?? 0)
    if (record !== undefined && isUp) await this.loops.tellRoster(record)
    await roster.settled()
  }

  async ping (nodeId: string, signal: AbortSignal): Promise<number> {
    const record = this.core.table.get(nodeId)
    if (record === undefined) throw ClusterNodeUnknown({ nodeId })
    const { roundTrip, waited } = await this.loops.prober.ping(record, signal)
    if (roundTrip === undefined) throw ClusterNodeSilent({ nodeId, milliseconds: waited })
    return roundTrip
  }

  doubt (nodeId: string): void {
    const record = this.core.table.get(nodeId)
    if (record !== undefined) this.loops.prober.doubt(record)
  }

  whisper (whisper: Whisper): void {
    this.#whisper = whisper
  }

  #describe (roads: readonly NodeRoad[]): void {
    const { zone, version } = this.needs
    const tags = tagsOf({ zone, version, roads })
    let meta: Uint8Array
    try {
      meta = encodeTags(tags)
    } catch (error) {
      throw ClusterTagsTooLong({ zone, roads: roads.length }, { cause: error })
    }
    this.core.rules.announce(meta, { isCaxton: true, zone, version, roads })
  }

  #answer (from: Address, message: StreamMessage): StreamMessage | undefined {
    switch (message.kind) {
      case 'push-pull': return this.core.tableExchange.answer(from, message)
      case 'ping': {
        const isMeant = message.node === '' || message.node === this.core.me.name
        return isMeant ? { kind: 'ack', sequence: message.sequence, payload: new Uint8Array() } : undefined
      }
      case 'user': this.core.serf.heard(message.bytes); return undefined
      case 'ack':
      case 'failure': return undefined
    }
  }

  #changed (record: MemberRecord, kind: MemberChange['kind'], because: string): void {
    const { core, loops } = this
    if (kind === 'joined') core.intents.met(record.name)
    if (record.isCaxton && record !== core.me) {
      if (record.isUp && core.roster.get(record.name) === undefined) core.roster.decide(record.name, 'admitted', record.incarnation)
      if (kind === 'left') core.roster.decide(record.name, 'left', record.incarnation)
    }
    loops.sight.look()
    if (record === core.me) return
    const change: MemberChange = { kind, member: record.asMember(), because }
    this.events.changed(change)
    this.#changes.tell(change)
  }

  #rosterChanged (records: readonly RosterRecord[]): void {
    const { core } = this
    for (const { nodeId, status, incarnation } of records) {
      const record = core.table.get(nodeId)
      if (record === undefined || status === 'admitted') continue
      if (record === core.me) this.#struckMyself(status, incarnation)
      else if (status === 'removed' && record.incarnation <= incarnation) core.rules.strike(record, 'an operator removed it')
      else if (status === 'left' && record.state === 'dead') core.rules.strike(record, 'it left while it was out of sight')
    }
    this.loops.sight.look()
  }

  /** Others say that this node does not belong to the cluster any more. */
  #struckMyself (status: RosterRecord['status'], incarnation: number): void {
    const { me, roster } = this.core
    if (me.state !== 'alive') return
    // Said of an earlier life, or before this node could be heard again.
    if (status === 'left' || me.incarnation > incarnation) roster.decide(me.name, 'admitted', me.incarnation)
    else this.#expelled({ kind: 'removed' })
  }

  #expelled (why: Parameters<SwimEvents['expelled']>[0]): void {
    const { rules, post, me } = this.core
    if (me.state !== 'alive') return
    const goodbye = rules.leave()
    if (why.kind === 'removed') {
      post.broadcast(goodbye)
      this.loops.quieten()
    } else {
      // Not a word: whatever it said would be taken for the other one's.
      this.loops.stop()
      this.#isStopped = true
      this.core.exchanges.stop()
    }
    this.events.expelled(why)
  }

  #tell (): Uint8Array {
    const bytes = this.#whisper?.tell() ?? new Uint8Array()
    return bytes.length <= LONGEST_WHISPER ? bytes : bytes.subarray(0, LONGEST_WHISPER)
  }

  #viewed (view: ClusterView): void {
    this.events.view(view)
    this.#views.tell(view)
  }
}
