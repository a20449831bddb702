import type { Clock, MemberChange, MemberState } from '../../../kernel/contract/index.js'
import { isSameAddress } from '../network/network.js'
import type { SwimSettings } from '../settings.js'
import type { Alive, Dead, Suspect } from '../wire/messages.js'
import type { Awareness } from './awareness.js'
import type { Incarnation } from './incarnation.js'
import { MemberRecord } from './member-record.js'
import { MOST_MEMBERS, type MemberTable } from './member-table.js'
import { FOREIGNER, type NodeDescription } from './node-description.js'
import { Suspicion, suspicionSpan } from './suspicion.js'

/** How fresh an answer must be to contradict a rumour of death. */
const FRESH = 1000

/** What the rules ask for. */
export interface RuleHooks {
  /** Is to be told to everybody. */
  broadcast (message: Alive | Suspect | Dead): void
  changed (record: MemberRecord, kind: MemberChange['kind'], because: string): void
  /** Somebody goes by the name of another, or of this node. */
  conflict (record: MemberRecord, told: Alive): void
  /** `from` believes something of this node that was refuted before. */
  outdated (from: string): void
  /** There is no room for one more node. */
  crowded (told: Alive): void
  /** A suspicion ends: whether the node is silent to this one too must be seen now. */
  finalCheck (record: MemberRecord): void
  describe (meta: Uint8Array): NodeDescription
}

/** How what is said of nodes changes what this one believes (memberlist §6.1–6.4). */
export class MemberRules {
  #isLeaving = false

  constructor (
    readonly me: MemberRecord,
    private readonly table: MemberTable,
    private readonly incarnation: Incarnation,
    private readonly awareness: Awareness,
    private readonly settings: SwimSettings,
    private readonly clock: Clock,
    private readonly hooks: RuleHooks,
  ) {}

  /** Makes this node known, for the first time or anew. */
  announce (meta: Uint8Array, description: NodeDescription): void {
    const { me } = this
    const isFirst = me.state !== 'alive'
    me.meta = meta
    me.description = description
    me.incarnation = this.incarnation.raise(me.incarnation)
    this.table.noteChange()
    if (isFirst) this.#enter(me, 'alive')
    this.hooks.broadcast(this.ownAlive())
    this.hooks.changed(me, isFirst ? 'joined' : 'updated', '')
  }

  ownAlive (): Alive {
    return aliveOf(this.me)
  }

  /** Tells everybody that this node goes; afterwards nothing that is said of it is refuted. */
  leave (): Dead {
    this.#isLeaving = true
    this.#enter(this.me, 'left')
    return { kind: 'dead', node: this.me.name, incarnation: this.me.incarnation, from: this.me.name }
  }

  alive (told: Alive): void {
    if (told.node === this.me.name) this.#aliveMyself(told)
    else if (isSpoken(told) && told.incarnation > 0) this.#aliveOther(told)
  }

  suspect ({ node, incarnation, from }: Suspect): void {
    const record = this.table.get(node)
    if (record === undefined) return
    if (record === this.me) {
      this.#accused(incarnation, from)
      return
    }
    if (incarnation < record.incarnation) return
    if (record.suspicion !== undefined) {
      if (record.suspicion.confirm(from)) this.hooks.broadcast({ kind: 'suspect', node, incarnation, from })
      return
    }
    if (record.state !== 'alive') return
    this.hooks.broadcast({ kind: 'suspect', node, incarnation, from })
    record.incarnation = incarnation
    this.#enter(record, 'suspect')
    const span = suspicionSpan(this.settings, this.table.size)
    record.suspicion = new Suspicion(this.clock, span, from, () => { this.hooks.finalCheck(record) })
    this.hooks.changed(record, 'suspected', from === this.me.name ? 'it does not answer this node' : `it does not answer ${from}`)
  }

  dead ({ node, incarnation, from }: Dead): void {
    const record = this.table.get(node)
    if (record === undefined) return
    if (record === this.me) {
      this.#accused(incarnation, from)
      return
    }
    if (incarnation < record.incarnation || !record.isUp) return
    const isLeave = from === node
    if (!isLeave && from !== this.me.name && this.clock.elapsed() - record.answeredAt < FRESH) {
      // It just answered this node: who says so gets a chance to be wrong.
      this.suspect({ kind: 'suspect', node, incarnation, from })
      return
    }
    this.#clear(record)
    this.hooks.broadcast({ kind: 'dead', node, incarnation, from })
    record.incarnation = incarnation
    this.#enter(record, isLeave ? 'left' : 'dead')
    if (isLeave) this.hooks.changed(record, 'left', '')
    else this.hooks.changed(record, 'died', from === this.me.name ? 'it stayed silent' : `${from} says that it stayed silent`)
  }

  /** A suspicion was not refuted in time, and the last check failed. */
  bury (record: MemberRecord): void {
    if (record.state !== 'suspect') return
    this.dead({ kind: 'dead', node: record.name, incarnation: record.incarnation, from: this.me.name })
  }

  /** A dead node is to be thought of as one that left: an operator said so. */
  strike (record: MemberRecord, because: string): void {
    if (record === this.me || record.state === 'left') return
    this.#clear(record)
    this.#enter(record, 'left')
    this.hooks.changed(record, 'removed', because)
  }

  /** Stops every suspicion. */
  stop (): void {
    for (const record of this.table.all()) this.#clear(record)
  }

  #aliveMyself (told: Alive): void {
    const { me } = this
    if (this.#isLeaving || me.state !== 'alive') return
    if (!isSameAddress(told, me)) {
      if (told.port !== 0) this.hooks.conflict(me, told)
      return
    }
    if (told.incarnation < me.incarnation) return
    const isSame = told.incarnation === me.incarnation && Buffer.compare(told.meta, me.meta) === 0
    if (!isSame) this.#refute(told.incarnation)
  }

  #aliveOther (told: Alive): void {
    const known = this.table.get(told.node)
    const record = known ?? this.#meet(told)
    if (record === undefined) return
    const hasMoved = known !== undefined && !isSameAddress(told, known)
    if (hasMoved && !this.#mayMove(known)) {
      if (told.incarnation > known.incarnation) this.hooks.conflict(known, told)
      return
    }
    if (!hasMoved && told.incarnation <= record.incarnation) return
    this.#clear(record)
    this.hooks.broadcast(told)
    const before = record.state
    const hasChanged = known !== undefined && (hasMoved || Buffer.compare(told.meta, record.meta) !== 0)
    this.#take(record, told, hasChanged || known === undefined)
    if (before !== 'alive') this.#enter(record, 'alive')
    if (known === undefined || before === 'left') this.hooks.changed(record, 'joined', '')
    else if (before !== 'alive') this.hooks.changed(record, 'back', before === 'suspect' ? 'it answered' : 'it is heard again')
    if (known !== undefined && before !== 'left' && hasChanged) this.hooks.changed(record, 'updated', '')
  }

  /** Undefined when there is no room. */
  #meet (told: Alive): MemberRecord | undefined {
    if (this.table.size >= MOST_MEMBERS) {
      this.hooks.crowded(told)
      return undefined
    }
    const record = new MemberRecord(told.node, told)
    this.table.add(record)
    return record
  }

  #take (record: MemberRecord, told: Alive, isNew: boolean): void {
    this.table.noteChange()
    record.incarnation = told.incarnation
    record.versions = told.versions
    if (!isNew) return
    record.host = told.host
    record.port = told.port
    // Received bytes are a view of the packet.
    record.meta = Uint8Array.from(told.meta)
    record.description = told.meta.length === 0 ? FOREIGNER : this.hooks.describe(record.meta)
  }

  #mayMove (record: MemberRecord): boolean {
    if (record.state === 'left') return true
    return record.state === 'dead' && this.clock.elapsed() - record.changedAt >= this.settings.reclaimAfter
  }

  #accused (incarnation: number, from: string): void {
    if (this.#isLeaving || this.me.state !== 'alive') return
    if (incarnation < this.me.incarnation) this.hooks.outdated(from)
    else this.#refute(incarnation)
  }

  #refute (accused: number): void {
    this.table.noteChange()
    this.me.incarnation = this.incarnation.raise(accused)
    this.awareness.add(1)
    this.hooks.broadcast(this.ownAlive())
  }

  #enter (record: MemberRecord, state: MemberState): void {
    this.table.noteChange()
    record.state = state
    record.changedAt = this.clock.elapsed()
    record.changedAtWall = this.clock.now()
  }

  #clear (record: MemberRecord): void {
    record.suspicion?.cancel()
    record.suspicion = undefined
  }
}

export const aliveOf = ({ name, incarnation, host, port, meta, versions }: MemberRecord): Alive =>
  ({ kind: 'alive', node: name, incarnation, host, port, meta, versions })

/** Whether its versions can be right (§6.1, step 1). */
function isSpoken ({ versions }: Alive): boolean {
  return versions === undefined || (versions.minimum > 0 && versions.maximum > 0 && versions.minimum <= versions.maximum)
}
