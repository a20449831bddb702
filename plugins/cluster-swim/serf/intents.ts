import type { Clock } from '../../../kernel/contract/index.js'
import type { MemberTable } from '../members/member-table.js'
import type { JoinIntent, LeaveIntent } from '../wire/serf-messages.js'
import { LamportClock } from './lamport-clock.js'

/** How long an intent of a node that is not known is kept, and how many of them. */
const KEPT = 5 * 60 * 1000
const MOST_EARLY = 1024

export interface IntentHooks {
  /** An operator says of a dead node that it left. */
  forceLeave (node: string): void
  /** Somebody says that this node leaves, and it does not. */
  refuteLeave (): void
}

interface Early {
  readonly kind: 'join' | 'leave'
  readonly time: number
  readonly at: number
}

/** Who said when that they come or go: Serf's own idea of a member's status (Serf §11.3). */
export class Intents {
  readonly clock = new LamportClock()
  readonly #statusTimes = new Map<string, number>()
  readonly #leaving = new Set<string>()
  readonly #early = new Map<string, Early>()

  constructor (
    private readonly me: string,
    private readonly table: MemberTable,
    private readonly wall: Clock,
    private readonly hooks: IntentHooks,
  ) {
    // Serf begins each of its clocks with a tick.
    this.clock.next()
  }

  /** When a member's status was last told; 0 if never. */
  statusTime (node: string): number {
    return this.#statusTimes.get(node) ?? 0
  }

  statusTimes (): ReadonlyMap<string, number> {
    return new Map([...this.table.all()].map(({ name }) => [name, this.statusTime(name)]))
  }

  isLeaving (node: string): boolean {
    return this.#leaving.has(node)
  }

  /** A node is known from now on, or again: what was said of it before holds. */
  met (node: string): void {
    const early = this.#early.get(node)
    this.#early.delete(node)
    this.#leaving.delete(node)
    if (early === undefined || early.time <= this.statusTime(node)) return
    this.#statusTimes.set(node, early.time)
    if (early.kind === 'leave') this.#leaving.add(node)
  }

  forget (node: string): void {
    this.#statusTimes.delete(node)
    this.#leaving.delete(node)
  }

  /** True if it is news, to be passed on. */
  leave ({ time, node }: LeaveIntent): boolean {
    this.clock.witness(time)
    const record = this.table.get(node)
    if (record === undefined) return this.#keep(node, 'leave', time)
    if (time <= this.statusTime(node)) return false
    if (node === this.me && record.state === 'alive') {
      this.hooks.refuteLeave()
      return false
    }
    this.#statusTimes.set(node, time)
    if (record.isUp) this.#leaving.add(node)
    else if (record.state === 'dead') this.hooks.forceLeave(node)
    return true
  }

  join ({ time, node }: JoinIntent): boolean {
    this.clock.witness(time)
    if (!this.table.get(node)) return this.#keep(node, 'join', time)
    if (time <= this.statusTime(node)) return false
    this.#statusTimes.set(node, time)
    this.#leaving.delete(node)
    return true
  }

  /** This node's own word, which it will send. */
  own (kind: 'join' | 'leave', node: string): number {
    const time = Math.max(this.clock.next(), this.statusTime(node) + 1)
    this.clock.witness(time)
    this.#statusTimes.set(node, time)
    return time
  }

  #keep (node: string, kind: Early['kind'], time: number): boolean {
    const known = this.#early.get(node)
    if (known !== undefined && known.time >= time) return false
    const now = this.wall.elapsed()
    if (this.#early.size >= MOST_EARLY) {
      for (const [name, { at }] of this.#early) if (now - at > KEPT) this.#early.delete(name)
      if (this.#early.size >= MOST_EARLY) return false
    }
    this.#early.set(node, { kind, time, at: now })
    return true
  }
}
