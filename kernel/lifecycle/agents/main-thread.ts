import type { Clock, Logger, Protocol, Random, Tools } from '../../contract/index.js'
import { Callers } from '../../routing/callers/callers.js'
import { ConversationDesk, type ConversationReport } from '../../routing/conversations/conversation-desk.js'
import type { ConversationVoice } from '../../routing/conversations/conversation-voice.js'
import { Conversations } from '../../routing/conversations/conversations.js'
import { DirectoryFacilitator, FACILITATOR_NAME } from '../../routing/capabilities/directory-facilitator.js'
import { TOOLS_NAME } from '../../routing/directory/directory.js'
import { Endpoints, ServiceInbox } from '../../routing/directory/endpoints.js'
import { DurableIntake } from '../../routing/durable/durable-intake.js'
import { DurableMessages, type DurableBasis } from '../../routing/durable/durable-messages.js'
import { LetterReplay } from '../../routing/dead-letters/letter-replay.js'
import { MainLoop } from '../../routing/main-loop.js'
import { MessageStamp } from '../../routing/frames/message-stamp.js'
import type { ConversationLimits } from '../../routing/conversations/conversation-limits.js'
import { Post } from '../../routing/post.js'
import type { PostObserver } from '../../routing/post-observer.js'
import { ProtocolTable } from '../../routing/conversations/protocol-tables.js'
import { Recipients } from '../../routing/directory/recipients.js'
import { RingReader, RingWriter } from '../../routing/frames/ring.js'
import { CALLER_HANDLE, MAIN_PLACE, RouteTable } from '../../routing/directory/route-table.js'
import { ToolDesk, type CallingAgent } from '../../routing/tools/tool-desk.js'
import type { Address } from '../../routing/frames/frame.js'
import { MessageSpanIntake } from '../../routing/tracing/message-span-intake.js'
import { MessageSpans } from '../../routing/tracing/message-spans.js'
import { WakeWord } from '../../routing/frames/wake-word.js'
import type { Tracing } from '../../observability/tracing.js'
import { SharedMailboxes } from '../shards/shared-mailboxes.js'
import type { SharedMemory } from '../shards/shard-memory.js'
import type { ReplicatedTables } from './replicated-tables.js'

/** What the main thread's end of the messages works with. */
export interface MainThreadParts {
  readonly memory: SharedMemory
  readonly tables: ReplicatedTables
  readonly protocols: readonly Protocol[]
  readonly observer: PostObserver
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly tracing: Tracing
  /** Most receivers of one message. */
  readonly fanOut: number
  /** Bytes of the largest message that an agent takes. */
  readonly roomOf: (handle: number) => number
  readonly durable: DurableBasis
  /** Bytes of the largest message that callers may send. */
  readonly largestMessage: number
  readonly conversationLimits: ConversationLimits
  /** Takes what changed in the callers' conversations. */
  readonly conversationsChanged: (report: ConversationReport) => void
  /** Whether somebody wants to see conversations end. */
  readonly isWatched: () => boolean
  /** What agents may call outside, if there is anything. */
  readonly tools: Tools | undefined
  /** An agent of this node that may call tools. */
  readonly toolCaller: (address: Address) => CallingAgent | undefined
  /** Most calls of one agent that are under way at once. */
  readonly toolCalls: number
}

/**
 * The main thread as one of the threads that exchange messages: its post, the callers who live in it, the loop that
 * takes messages in.
 */
export interface MainThread {
  /** In how many conversations that callers began an agent is. */
  readonly involving: (handle: number) => number
  readonly post: Post
  readonly endpoints: Endpoints
  readonly callers: Callers
  readonly facilitator: DirectoryFacilitator
  /** Undefined while there are no tools. */
  readonly toolDesk: ToolDesk | undefined
  readonly letterReplay: LetterReplay
  readonly loop: MainLoop
  readonly durable: DurableMessages
  /** Takes the spans of messages, of this thread and of the shards. */
  readonly spanIntake: MessageSpanIntake
  /** The callers' conversations. */
  readonly desk: ConversationDesk
  readonly voice: ConversationVoice
  /** Reports what changed in them since the last time, if anything did. */
  readonly report: () => void
}

export function mainThread (parts: MainThreadParts): MainThread {
  const { memory, tables, fanOut, clock, random, log, observer, largestMessage, conversationLimits, durable } = parts
  const routes = new RouteTable(memory.routes)
  const epoch = new DataView(random.bytes(8).slice().buffer).getBigUint64(0)
  const stamp = new MessageStamp(epoch, MAIN_PLACE, new Uint32Array(random.bytes(16).slice().buffer), parts.tracing.sampler)
  const protocols = parts.protocols.map(protocol => new ProtocolTable(protocol))
  const start = new DataView(random.bytes(4).slice().buffer).getUint32(0) & 0x3fffff
  // All callers are one.
  const conversations = new Conversations(MAIN_PLACE, start, protocols, { ...conversationLimits, ofOne: conversationLimits.all })
  const endpoints = new Endpoints()
  const { directory, names, capabilities, topics } = tables
  const messages = new SharedMailboxes(routes, memory.counters)
  const intake = new DurableIntake()
  const wakes = memory.wakes.map(buffer => new WakeWord(buffer))
  const [wake] = wakes
  if (wake === undefined) throw new RangeError('the main thread has no wake word')
  const writers = (memory.rings[MAIN_PLACE] ?? []).map((buffer, to) => to === MAIN_PLACE ? undefined : new RingWriter(buffer))
  const spanIntake = new MessageSpanIntake(parts.tracing, handle => directory.name(handle))
  const spans = new MessageSpans(stamp, parts.tracing.budget, span => { spanIntake.take([span], 0) })
  const post = new Post({
    place: MAIN_PLACE, routes, spans, wakes, conversations, stamp, observer, writers,
    local: endpoints, intake,
    recipients: new Recipients({ routes, names, capabilities, topics, messages, fanOut }),
    now: () => clock.now(),
  })
  const readers = memory.rings.slice(1).flatMap(row => row.slice(0, 1)).map(buffer => new RingReader(buffer))
  const callers = new Callers({ post, intake, conversations, directory, routes, writers, stamp, spans, clock, largestMessage })
  endpoints.add(CALLER_HANDLE, callers)
  const facilitator = new DirectoryFacilitator({
    post, stamp, clock, capabilities: tables.offers, address: directory.enterService(FACILITATOR_NAME), roomOf: parts.roomOf,
  })
  endpoints.add(facilitator.address.handle, new ServiceInbox(frame => facilitator.receive(frame), log))
  const durableMessages = new DurableMessages({ ...durable, post, intake, directory, routes, writers, clock, random, log })
  const toolDesk = parts.tools === undefined ? undefined : new ToolDesk({
    tools: parts.tools, post, stamp, intake, log, delivery: durableMessages.delivery,
    caller: parts.toolCaller, callsOfOne: parts.toolCalls, address: directory.enterService(TOOLS_NAME, true),
  })
  if (toolDesk !== undefined) endpoints.add(toolDesk.address.handle, new ServiceInbox(frame => { toolDesk.receive(frame) }, log))
  const desk = new ConversationDesk(conversations, post.voice, () => clock.now(), conversationLimits.tick, parts.isWatched)
  const reportOf = (which: 'ripe' | 'all'): void => {
    const changes = desk.report(which)
    if (changes !== undefined) parts.conversationsChanged(changes)
  }
  const reportInTime = (): void => {
    if (desk.due <= clock.now()) reportOf('ripe')
  }
  return {
    post, endpoints, desk, report: () => { reportOf('all') }, callers, facilitator, spanIntake, toolDesk,
    involving: handle => conversations.involving(handle),
    voice: post.voice,
    letterReplay: new LetterReplay(post, directory, clock),
    durable: durableMessages,
    loop: new MainLoop(readers, post, wake, clock, log, reportInTime),
  }
}
