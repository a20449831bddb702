import type { Clock, Timer } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'

const ROUNDS = 8
const ROUND = 250
/** How often a round is waited for once more, because this process stood still: the answers may be there, and not be read yet. */
const EXCUSES = 6
/** How many rounds are waited for at a time then. */
const LATE_ROUNDS = 4

/**
 * Asks all nodes that should run at once, a few times within two seconds, because one probe after the other takes too long to find
 * out that a node is cut off. It accuses nobody; it only says who does not answer this node.
 */
export class Sweep {
  #timer: Timer | undefined
  /** Who was asked in the first round, and should have been running ever since. */
  #asked: readonly MemberRecord[] = []
  #began = 0
  #askedAt = 0
  #round = 0
  #excuses = 0

  constructor (
    private readonly clock: Clock,
    /** Those to ask, who should run at this moment. */
    private readonly targets: () => readonly MemberRecord[],
    private readonly ping: (record: MemberRecord) => void,
    /** Whether this process stood still at some time since then. */
    private readonly wasLateSince: (elapsed: number) => boolean,
    /** Who has not answered. */
    private readonly done: (silent: readonly MemberRecord[]) => void,
  ) {}

  /** Begins, unless it runs. */
  start (): void {
    if (this.#timer !== undefined) return
    this.#began = this.clock.elapsed()
    this.#asked = this.targets()
    this.#round = 0
    this.#excuses = 0
    this.#ask()
  }

  stop (): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #ask (): void {
    const targets = new Set(this.targets())
    // Who came back meanwhile has had less time for an answer, or none.
    this.#asked = this.#asked.filter(record => targets.has(record))
    const silent = this.#asked.filter(({ answeredAt }) => answeredAt < this.#began)
    const isExcused = this.#round > 0 && this.#excuses < EXCUSES && this.wasLateSince(this.#askedAt)
    if (silent.length === 0 || (this.#round >= ROUNDS && !isExcused)) {
      this.#timer = undefined
      this.done(silent)
      return
    }
    // Where this process can't keep up, asking as often is of no use, and is what it needs least.
    const rounds = this.wasLateSince(this.#began) ? LATE_ROUNDS : 1
    if (isExcused) this.#excuses += 1
    else {
      for (const record of silent) this.ping(record)
      this.#round += rounds
    }
    this.#askedAt = this.clock.elapsed()
    this.#timer = this.clock.after(ROUND * rounds, () => { this.#ask() })
  }
}
