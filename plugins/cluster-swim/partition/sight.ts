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
    this.#sweptAt = this.parts.clock.elapsed()
    this.#silent.clear()
    for (const { name } of silent) this.#silent.add(name)
    this.#see()
  }

  #see (): void {
    const { roster, standing, me, clock } = this.parts
    const admitted = Math.max(roster.admitted, this.parts.atLeast())
    const others = this.#others().filter(({ name }) => !this.#silent.has(name)).map(({ name }) => name)
    standing.see({ admitted, reachable: [me.name, ...others].sort() })
    const { standing: word } = standing.view()
    this.#again?.cancel()
    // Before it decides, it asks everybody, and those who seemed silent get every chance.
    const isDue = this.#silent.size > 0 || clock.elapsed() - this.#sweptAt >= AGAIN
    const wait = word === 'unstable' && isDue ? 0 : AGAIN
    if (word === 'unstable' || this.#silent.size > 0) this.#again = clock.after(wait, () => { this.#sweep.start() })
  }
}
