import type { Announcement } from '../shards/shard-control.js'
import type { RecordObserver } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import type { ReplicatedTables } from './replicated-tables.js'

/** What agents made known about themselves, for as long as the instance runs that said it. Main thread only. */
export class AgentAnnouncements implements RecordObserver {
  constructor (
    private readonly roster: () => AgentRoster,
    private readonly tables: Pick<ReplicatedTables, 'offers' | 'subscriptions'>,
    /** Told the name of an agent whose state changed, or that made something known. */
    readonly changed: (name: string) => void,
    /** Told the handle of an agent that is gone for good. */
    readonly forgotten: (handle: number) => void,
  ) {}

  /** Agents made something known. What an agent said that is down by now does not count any more. */
  heed (announced: readonly Announcement[]): void {
    for (const { handle, notice } of announced) {
      const record = this.roster().ofHandle(handle)
      if (record === undefined || !record.isUp) continue
      switch (notice.kind) {
        case 'offers':
          this.tables.offers.offer({ ...record.address, name: record.name }, notice.capability)
          break
        case 'withdraws':
          this.tables.offers.withdraw(handle, notice.name)
          break
        case 'subscribes':
          this.tables.subscriptions.subscribe(record.address, notice.topic)
          break
        case 'unsubscribes':
          this.tables.subscriptions.unsubscribe(handle, notice.topic)
      }
      this.changed(record.name)
    }
  }

  /** No instance of an agent runs or starts any more. */
  ended (handle: number): void {
    this.tables.offers.end(handle)
    this.tables.subscriptions.end(handle)
  }
}
