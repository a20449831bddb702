import type { Logger } from '../../contract/index.js'
import type { ConversationReport } from '../../routing/conversations/conversation-desk.js'
import type { DeadLetters } from '../../routing/dead-letters/dead-letters.js'
import type { MessageWatch } from '../../routing/message-watch.js'
import { UNDELIVERABLE } from '../../routing/undeliverable.js'
import type { MessageSpanIntake } from '../../routing/tracing/message-span-intake.js'
import type { AgentAnnouncements } from './agent-announcements.js'
import type { AgentLogs } from './agent-logs.js'
import type { DurableDelivery } from '../../routing/durable/durable-delivery.js'
import type { ShardEvent, ShardWork } from '../shards/shard-control.js'

/** Where the events of the shards go. */
export interface EventReceivers {
  readonly nameOf: (handle: number) => string | undefined
  readonly agentLogs: AgentLogs
  readonly messageWatch: MessageWatch
  readonly deadLetters: DeadLetters
  readonly spans: MessageSpanIntake
  readonly announcements: Pick<AgentAnnouncements, 'heed'>
  readonly durable: Pick<DurableDelivery, 'settle'>
  /** Takes in what the shard sent before its event. */
  readonly catchUp: (shard: number) => void
  readonly works: (shard: number, works: readonly ShardWork[]) => void
  readonly conversations: (report: ConversationReport) => void
  readonly agents: (event: ShardEvent) => void
  readonly log: Logger
}

/** Brings an event of a shard to whom it concerns. */
export function distribute (shard: number, event: ShardEvent, to: EventReceivers): void {
  switch (event.kind) {
    case 'logs':
      for (const { handle, at, level, text } of event.lines) {
        const name = to.nameOf(handle)
        if (name !== undefined) to.agentLogs.add(name, at, level, text)
      }
      return
    case 'taps':
      to.messageWatch.skip(event.skipped)
      for (const [index, frame] of event.frames.entries()) {
        to.messageWatch.show(frame, event.outcomes[index] ?? -1, event.times[index] ?? 0)
      }
      return
    case 'letters':
      for (const [index, frame] of event.frames.entries()) {
        to.deadLetters.add(frame, UNDELIVERABLE[event.reasons[index] ?? 0] ?? 'AGENT_NOT_FOUND')
      }
      return
    case 'spans': return to.spans.take(event.spans, event.dropped)
    case 'announced':
      to.announcements.heed(event.announced)
      return
    case 'settled':
      // What an agent sent for a message is kept before the message is forgotten.
      to.catchUp(shard)
      for (const [index, number] of event.numbers.entries()) to.durable.settle(number, event.outcomes[index] ?? -1)
      return
    case 'works':
      to.works(shard, event.works)
      return
    case 'conversations-changed': return to.conversations(event.report)
    case 'trouble':
      to.log.error('a shard failed at something and goes on', { shard: shard + 1, cause: event.message })
      return
    default:
      to.agents(event)
  }
}
