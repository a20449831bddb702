import type { GuestFactory } from '../../contract/in-shard.js'
import { CapabilityTable } from '../../routing/capabilities/capability-table.js'
import { ConversationDesk } from '../../routing/conversations/conversation-desk.js'
import { Conversations } from '../../routing/conversations/conversations.js'
import { FrameSlab } from '../../routing/frames/frame-slab.js'
import { Mailboxes } from '../../routing/frames/mailboxes.js'
import { MessageStamp } from '../../routing/frames/message-stamp.js'
import { NameTable } from '../../routing/directory/name-table.js'
import { Post } from '../../routing/post.js'
import { ProtocolTable } from '../../routing/conversations/protocol-tables.js'
import { Recipients } from '../../routing/directory/recipients.js'
import { RingReader, RingWriter } from '../../routing/frames/ring.js'
import { RouteTable } from '../../routing/directory/route-table.js'
import { TimerHeap } from '../../routing/timer-heap.js'
import { MessageSpans } from '../../routing/tracing/message-spans.js'
import { TopicTable } from '../../routing/topics/topic-table.js'
import { WakeWord } from '../../routing/frames/wake-word.js'
import { SpanBudget } from '../../observability/span-budget.js'
import { TraceSampler } from '../../observability/trace-sampler.js'
import { RunQueue } from './run-queue.js'
import type { ShardAgent } from './shard-agent.js'
import type { ShardBirth, ShardEvent } from './shard-control.js'
import { ShardMailroom } from './shard-mailroom.js'
import { ShardConversations } from './shard-conversations.js'
import { SHARD_WORD, ShardCounters } from './shard-memory.js'
import { SharedMailboxes } from './shared-mailboxes.js'
import { ShardTime } from './shard-time.js'
import { ShardReports } from './shard-reports.js'
import { ShardWorks } from './shard-works.js'

/** Everything that the parts of one shard share. */
export interface ShardParts {
  readonly birth: ShardBirth
  readonly factory: GuestFactory
  readonly tell: (event: ShardEvent) => void
  readonly counters: ShardCounters
  readonly slab: FrameSlab
  readonly mailboxes: Mailboxes
  /** By slot. */
  readonly agents: Array<ShardAgent | undefined>
  readonly runQueue: RunQueue
  readonly names: NameTable
  readonly capabilities: CapabilityTable
  readonly topics: TopicTable
  readonly timers: TimerHeap
  readonly time: ShardTime
  /** The rings to this shard. */
  readonly readers: readonly RingReader[]
  readonly wake: WakeWord
  readonly stamp: MessageStamp
  readonly spans: MessageSpans
  readonly reports: ShardReports
  readonly post: Post
  readonly works: ShardWorks
  readonly conversations: ShardConversations
  /** Those that the desk is for. */
  readonly table: Conversations
}

/** Makes the parts of a shard from what it was born with. */
export function shardParts (birth: ShardBirth, factory: GuestFactory, tell: (event: ShardEvent) => void): ShardParts {
  const { memory, place } = birth
  const routes = new RouteTable(memory.routes)
  const counters = new ShardCounters(memory.counters[place] ?? missing('counters'))
  const slab = new FrameSlab(birth.slabBytes)
  const mailboxes = new Mailboxes(slab, birth.agents, birth.mailboxBytes)
  const agents = new Array<ShardAgent | undefined>(birth.agents).fill(undefined)
  const runQueue = new RunQueue()
  const names = new NameTable()
  const capabilities = new CapabilityTable()
  const topics = new TopicTable()
  const wakes = memory.wakes.map(buffer => new WakeWord(buffer))
  const { first, sample_rate: rate } = birth.tracing
  const stamp = new MessageStamp(birth.epoch, place, birth.seed, new TraceSampler({ first, rate }, elapsed))
  const time = new ShardTime()
  const budget = new SpanBudget(birth.tracing, time.now)
  const reports = new ShardReports(counters, tell, budget, elapsed)
  const spans = new MessageSpans(stamp, budget, span => { reports.span(span) })
  const protocols = birth.protocols.map(protocol => new ProtocolTable(protocol))
  const conversations = new Conversations(place, birth.start, protocols, birth.conversations)
  const post = new Post({
    place, routes, wakes, stamp, spans,
    recipients: new Recipients({
      routes, names, capabilities, topics, fanOut: birth.fanOut, messages: new SharedMailboxes(routes, memory.counters),
    }),
    writers: (memory.rings[place] ?? []).map((buffer, to) => to === place ? undefined : new RingWriter(buffer)),
    conversations,
    local: new ShardMailroom(routes, agents, slab, mailboxes, runQueue, counters),
    observer: reports,
    settlements: reports,
    now: Date.now, lately: time.now,
  })
  const isWatched = (): boolean => Atomics.load(counters.words, SHARD_WORD.conversationTap) !== 0
  const desk = new ConversationDesk(conversations, post.voice, Date.now, birth.conversations.tick, isWatched)
  const timers = new TimerHeap()
  return {
    birth, factory, tell, counters, slab, mailboxes, agents, runQueue, names, capabilities, topics, stamp, spans, reports, post,
    table: conversations,
    conversations: new ShardConversations(desk, counters, tell),
    timers, time,
    works: new ShardWorks({ held: post.held, reports, timers, tell }),
    readers: memory.rings.filter((_, from) => from !== place).map(row => new RingReader(row[place] ?? missing('ring'))),
    wake: wakes[place] ?? missing('wake word'),
  }
}

const elapsed = (): number => performance.now()

function missing (what: string): never {
  throw new Error(`the shard was born without its ${what}`)
}
