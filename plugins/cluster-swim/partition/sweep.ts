import type { Clock, Timer } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'

const ROUNDS = 8
const ROUND = 250

/**
 * Asks all nodes that should run at once, a few times within two seconds, because one probe after the other takes too long to find
 * out that a node is cut off. It accuses nobody; it only says who does not answer this node.
 */
export class Sweep {
  #timer: Timer | undefined
  #began = 0
  #round = 0

  constructor (
    private readonly clock: Clock,
    /** Those to ask. */
    private readonly targets: () => readonly MemberRecord[],
    private readonly ping: (record: MemberRecord) => void,
    /** Who has not answered. */
    private readonly done: (silent: readonly MemberRecord[]) => void,
  ) {}

  /** Begins, unless it runs. */
  start (): void {
    if (this.#timer !== undefined) return
    this.#began = this.clock.elapsed()
    this.#round = 0
    this.#ask()
  }

  stop (): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #ask (): void {
    const silent = this.targets().filter(({ answeredAt }) => answeredAt < this.#began)
    if (silent.length === 0 || this.#round === ROUNDS) {
      this.#timer = undefined
      this.done(silent)
      return
    }
    this.#round += 1
    for (const record of silent) this.ping(record)
    this.#timer = this.clock.after(ROUND, () => { this.#ask() })
  }
}
