import type { ConversationDesk, ConversationOrder } from '../../routing/conversations/conversation-desk.js'
import type { ShardEvent } from './shard-control.js'
import { SHARD_WORD, type ShardCounters } from './shard-memory.js'

/** Reports on the way to main at the most, and how long a shard waits when there are as many, in milliseconds. */
const REPORTS_AHEAD = 4
const PAUSE = 50

/**
 * A shard's answers to main about its conversations, and its reports of what changed in them. While main is behind with
 * those, what changes gathers here, where it takes no more memory than the conversations themselves.
 */
export class ShardConversations {
  #told = 0
  #notBefore = 0

  constructor (
    private readonly desk: ConversationDesk,
    private readonly counters: ShardCounters,
    private readonly tell: (event: ShardEvent) => void,
  ) {}

  obey (ask: number, order: ConversationOrder): void {
    this.tell({ kind: 'conversations', ask, pictures: this.desk.obey(order, () => this.#report('all')) })
  }

  /** Wall-clock time at which {@link report} has something to say, or Infinity. */
  get due (): number {
    return Math.max(this.desk.due, this.#notBefore)
  }

  report (now: number): void {
    const onTheWay = this.#told - Atomics.load(this.counters.words, SHARD_WORD.conversationReportsTaken)
    if (onTheWay >= REPORTS_AHEAD) this.#notBefore = now + PAUSE
    else this.#report('ripe')
  }

  #report (which: 'ripe' | 'all'): void {
    const report = this.desk.report(which)
    if (report === undefined) return
    this.#told += 1
    this.tell({ kind: 'conversations-changed', report })
  }
}
