import type { CapabilityRegistry } from '../../routing/capabilities/capability-registry.js'
import type { TopicRegistry } from '../../routing/topics/topic-registry.js'
import type { Announcement } from '../shards/shard-control.js'
import type { AgentRoster } from './agent-roster.js'

/** What agents made known about themselves, for as long as the instance runs that said it. Main thread only. */
export class AgentAnnouncements {
  constructor (
    private readonly roster: () => AgentRoster,
    private readonly capabilities: CapabilityRegistry,
    private readonly topics: TopicRegistry,
  ) {}

  /** Agents made something known. What an agent said that is down by now does not count any more. */
  heed (announced: readonly Announcement[]): void {
    for (const { handle, notice } of announced) {
      const record = this.roster().ofHandle(handle)
      if (record === undefined || !record.isUp) continue
      switch (notice.kind) {
        case 'offers':
          this.capabilities.offer({ ...record.address, name: record.name }, notice.capability)
          break
        case 'withdraws':
          this.capabilities.withdraw(handle, notice.name)
          break
        case 'subscribes':
          this.topics.subscribe(record.address, notice.topic)
          break
        case 'unsubscribes':
          this.topics.unsubscribe(handle, notice.topic)
      }
    }
  }

  /** No instance of an agent runs or starts any more. */
  end (handle: number): void {
    this.capabilities.end(handle)
    this.topics.end(handle)
  }
}
