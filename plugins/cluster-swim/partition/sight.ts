import type { Clock, Timer } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import type { MemberTable } from '../members/member-table.js'
import type { LoopLag } from '../probing/loop-lag.js'
import type { Roster } from './roster.js'
import type { Standing } from './standing.js'
import { Sweep } from './sweep.js'

/** Changes that come together are looked at together. */
const GATHER = 100
/** How often a node that does not see all looks again whom it really reaches. */
const AGAIN = 2000
/** How often it asks those meanwhile who did not answer. */
const ASK = 250

export interface SightParts {
  readonly me: MemberRecord
  readonly table: MemberTable
  readonly roster: Roster
  readonly standing: Standing
  readonly clock: Clock
  readonly lag: LoopLag
  /** Sends a ping whose answer is noted. */
  ping (record: MemberRecord): void
  /** How many nodes there are at least, beside what is known of them. */
  atLeast (): number
}

/** Which of the cluster's nodes this one reaches: those that are taken for alive, but for those that do not answer it. */
export class Sight {
  readonly #silent = new Set<string>()
  readonly #sweep: Sweep
  #sweptAt = -Infinity
  #askedAt = -Infinity
  #gathering: Timer | undefined
  #again: Timer | undefined

  constructor (private readonly parts: SightParts) {
    this.#sweep = new Sweep(
      parts.clock, () => this.#others(), record => { parts.ping(record) }, elapsed => parts.lag.wasLateSince(elapsed),
      silent => { this.#swept(silent) })
  }

  stop (): void {
    this.#sweep.stop()
    this.#gathering?.cancel()
    this.#again?.cancel()
    this.parts.standing.stop()
  }

  /** Somebody came, went, or was admitted. */
  look (): void {
    this.#gathering ??= this.parts.clock.after(GATHER, () => {
      this.#gathering = undefined
      this.#see()
    })
  }

  /** A node did not answer: perhaps it is not the only one. */
  doubt (): void {
    this.#sweep.start()
  }

  answered (record: MemberRecord): void {
    if (this.#silent.delete(record.name)) this.look()
  }

  #others (): MemberRecord[] {
    const { me, table, roster } = this.parts
    return [...table.all()].filter(record => record !== me && record.isUp && roster.isAdmitted(record.name))
  }

  #swept (silent: readonly MemberRecord[]): void {
    this.#sweptAt = this.#askedAt = this.parts.clock.elapsed()
    this.#silent.clear()
    for (const { name } of silent) this.#silent.add(name)
    this.#see()
  }

  #see (): void {
    const { roster, standing, me } = this.parts
    const admitted = Math.max(roster.admitted, this.parts.atLeast())
    const up = this.#others().map(({ name }) => name)
    // Whoever died since then and comes back has been heard of anew.
    for (const name of this.#silent) if (!up.includes(name)) this.#silent.delete(name)
    const others = up.filter(name => !this.#silent.has(name))
    standing.see({ admitted, reachable: [me.name, ...others].sort() })
    this.#plan()
  }

  /** Before it decides, it asks everybody, and those who seemed silent get every chance: they are whole again as soon as they answer. */
  #plan (): void {
    const { standing, clock } = this.parts
    const isUnstable = standing.view().standing === 'unstable'
    this.#again?.cancel()
    if (!isUnstable && this.#silent.size === 0) return
    const isUrgent = isUnstable && this.#silent.size > 0
    const now = clock.elapsed()
    const untilSweep = isUrgent ? 0 : Math.max(this.#sweptAt + AGAIN - now, 0)
    const untilAsked = Math.max(this.#askedAt + ASK - now, 0)
    this.#again = clock.after(Math.min(untilSweep, untilAsked), () => {
      if (untilSweep <= untilAsked) this.#sweep.start()
      else {
        this.#askSilent()
        this.#plan()
      }
    })
  }

  #askSilent (): void {
    this.#askedAt = this.parts.clock.elapsed()
    for (const record of this.#others()) if (this.#silent.has(record.name)) this.parts.ping(record)
  }
}
