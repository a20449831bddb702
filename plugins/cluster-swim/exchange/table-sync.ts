import type { Clock, Random, Timer } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import type { MemberTable } from '../members/member-table.js'
import type { SwimSettings } from '../settings.js'

/** How many times longer a difference is left to gossip while there is some. */
const PATIENCE = 3
/** Differences that are remembered at a time. */
const MOST_DIFFERING = 8

/**
 * Decides with whom everything that is known is compared (push/pull), and when: with a node whose digest differs soon, and with one by
 * chance now and then, because foreigners give no digest. So news that gossip lost arrives all the same.
 */
export class TableSync {
  #timer: Timer | undefined
  #differing: MemberRecord[] = []
  #isRunning = false
  #lastFull = 0
  #lastCompared = 0

  constructor (
    private readonly me: MemberRecord,
    private readonly table: MemberTable,
    private readonly settings: SwimSettings,
    private readonly clock: Clock,
    private readonly random: Random,
    /** Compares all with this node. Never rejects. */
    private readonly compare: (record: MemberRecord) => Promise<void>,
    /** Whether this node's digest still differs from the last one of that node. */
    private readonly differs: (record: MemberRecord) => boolean,
    /** Whether nothing is on its way by gossip, which might make the difference by itself. */
    private readonly isQuiet: () => boolean,
  ) {}

  start (): void {
    this.#lastFull = this.clock.elapsed()
    this.#lastCompared = this.#lastFull
    this.#again(this.settings.pushPullInterval * this.random.fraction())
  }

  stop (): void {
    this.#timer?.cancel()
    this.#differing = []
  }

  /** A node told a digest that is not this node's. */
  noteDifference (record: MemberRecord): void {
    if (this.#differing.includes(record)) return
    if (this.#differing.length >= MOST_DIFFERING) this.#differing.shift()
    this.#differing.push(record)
  }

  #again (wait: number): void {
    this.#timer = this.clock.after(wait, () => {
      this.#again(this.settings.pushPullInterval)
      void this.#round()
    })
  }

  async #round (): Promise<void> {
    const partner = this.#isRunning ? undefined : this.#partner()
    if (partner === undefined) return
    this.#isRunning = true
    try {
      await this.compare(partner)
    } finally {
      this.#isRunning = false
    }
  }

  #partner (): MemberRecord | undefined {
    const now = this.clock.elapsed()
    if (this.isQuiet() || now - this.#lastCompared >= PATIENCE * this.settings.pushPullInterval) {
      const differing = this.#differing.filter(record => record.state === 'alive' && this.differs(record))
      this.#differing = []
      this.#lastCompared = now
      if (differing.length > 0) return differing[Math.floor(this.random.fraction() * differing.length)]
    }
    if (now - this.#lastFull < this.settings.fullSyncInterval) return undefined
    this.#lastFull = now
    return this.table.pick(1, record => record !== this.me && record.state === 'alive')[0]
  }
}
