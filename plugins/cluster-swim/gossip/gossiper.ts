import type { Clock, Random, Timer } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import type { MemberTable } from '../members/member-table.js'
import type { SwimSettings } from '../settings.js'
import type { Post } from './post.js'

/** How many times more nodes are told at once while more news waits than one packet holds, as after many joins. */
const MOST_TIMES = 4

/** Tells a few nodes, chosen by chance, what is to be told to everybody (memberlist §6.8). */
export class Gossiper {
  #timer: Timer | undefined

  constructor (
    private readonly me: MemberRecord,
    private readonly table: MemberTable,
    private readonly post: Post,
    private readonly settings: SwimSettings,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  start (): void {
    this.#again(this.settings.gossipInterval * this.random.fraction())
  }

  stop (): void {
    this.#timer?.cancel()
  }

  round (): void {
    if (this.post.waiting === 0) return
    // What waits is sent as often as ever, only sooner.
    const times = Math.min(this.post.packetsWaiting, MOST_TIMES)
    for (const record of this.table.pick(this.settings.gossipFanout * times, candidate => this.#isWorthIt(candidate))) {
      if (!this.post.gossip(record)) return
    }
  }

  #again (wait: number): void {
    this.#timer = this.clock.after(wait, () => {
      this.#again(this.settings.gossipInterval)
      this.round()
    })
  }

  /** The dead too for a while, so that they can say that they are not. */
  #isWorthIt (record: MemberRecord): boolean {
    if (record === this.me || record.state === 'left') return false
    return record.isUp || this.clock.elapsed() - record.changedAt < this.settings.gossipToDead
  }
}
