import type { ConversationDesk, ConversationOrder } from '../../routing/conversation-desk.js'
import type { ShardEvent } from './shard-control.js'

/** A shard's answers to main about its conversations, and its reports of what changed in them. */
export class ShardConversations {
  constructor (private readonly desk: ConversationDesk, private readonly tell: (event: ShardEvent) => void) {}

  obey (ask: number, order: ConversationOrder): void {
    this.tell({ kind: 'conversations', ask, pictures: this.desk.obey(order, () => this.report()) })
  }

  /** Wall-clock time at which {@link report} has something to say, or Infinity. */
  get due (): number {
    return this.desk.due
  }

  report (): void {
    const report = this.desk.report()
    if (report !== undefined) this.tell({ kind: 'conversations-changed', report })
  }
}
