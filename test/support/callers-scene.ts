import { create } from '@bufbuild/protobuf'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { AclMessageSchema, FRAME_FLAGS } from '../../kernel/contract/index.js'
import { CapabilityTable } from '../../kernel/routing/capabilities/capability-table.js'
import { Callers } from '../../kernel/routing/callers/callers.js'
import type { Sent } from '../../kernel/routing/callers/caller-outcome.js'
import { Conversations } from '../../kernel/routing/conversations/conversations.js'
import { Directory } from '../../kernel/routing/directory/directory.js'
import { DurableIntake } from '../../kernel/routing/durable/durable-intake.js'
import { Endpoints } from '../../kernel/routing/directory/endpoints.js'
import { decodeFrame, encodeFrame } from '../../kernel/routing/frames/frame.js'
import { MessageStamp } from '../../kernel/routing/frames/message-stamp.js'
import { NameTable } from '../../kernel/routing/directory/name-table.js'
import type { ConversationLimits } from '../../kernel/routing/conversations/conversation-limits.js'
import { Post } from '../../kernel/routing/post.js'
import { ProtocolTable } from '../../kernel/routing/conversations/protocol-tables.js'
import { Recipients } from '../../kernel/routing/directory/recipients.js'
import { ringBuffer, RingReader, RingWriter } from '../../kernel/routing/frames/ring.js'
import { CALLER_HANDLE, CONDITION, RouteTable, routeTableBuffer } from '../../kernel/routing/directory/route-table.js'
import { USUAL_TERMS, type SendTerms } from '../../kernel/routing/callers/send-terms.js'
import { TopicTable } from '../../kernel/routing/topics/topic-table.js'
import { wakeBuffer, WakeWord } from '../../kernel/routing/frames/wake-word.js'
import { REQUEST } from './request-protocol.js'
import { CONVERSATION_LIMITS, FakeObserver } from './routing-scene.js'
import { VirtualClock } from './virtual-clock.js'
import { samples } from './trace-samples.js'

/** The trace of every call. */
export const CALL_TRACE = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), sampled: true }

/** Callers of main, and an agent `echo` in the shard 1 that answers when a test says so. */
export class CallersScene {
  readonly clock = new VirtualClock(1_000_000)
  readonly routes = new RouteTable(routeTableBuffer())
  readonly capabilities = new CapabilityTable()
  readonly topics = new TopicTable()
  readonly directory = new Directory(this.routes, () => {})
  readonly conversations: Conversations
  readonly callers: Callers
  readonly leaving = new AbortController()
  readonly intake = new DurableIntake()
  readonly #post: Post
  readonly #ring = ringBuffer(65_536)

  constructor (limits: Partial<ConversationLimits> = {}) {
    const endpoints = new Endpoints()
    const { routes, capabilities, topics } = this
    const stamp = new MessageStamp(1n, 0, Uint32Array.of(1, 2, 3, 4), samples(0))
    this.conversations = new Conversations(0, 1, [new ProtocolTable(REQUEST)], { ...CONVERSATION_LIMITS, ...limits })
    const writers = [undefined, new RingWriter(this.#ring)]
    this.#post = new Post({
      place: 0, routes: this.routes, local: endpoints,
      recipients: new Recipients({
        routes, capabilities, topics, names: new NameTable(), messages: { waiting: () => 0 }, fanOut: 10,
      }), observer: new FakeObserver(), stamp,
      writers, wakes: [wakeBuffer(), wakeBuffer()].map(wake => new WakeWord(wake)),
      conversations: this.conversations, intake: this.intake, now: () => this.clock.now(),
    })
    this.callers = new Callers({
      post: this.#post, intake: this.intake, conversations: this.conversations, directory: this.directory,
      routes: this.routes, stamp, writers,
      clock: this.clock, largestMessage: 10_000,
    })
    endpoints.add(CALLER_HANDLE, this.callers)
    this.directory.place(this.directory.enter('echo')?.handle ?? 0, 1, 0, CONDITION.running)
  }

  send (
    more: MessageInitShape<typeof AclMessageSchema> = {}, wait = true, terms: Partial<SendTerms> = {},
  ): Promise<Sent | Error> {
    const message = create(AclMessageSchema, { performative: 'request', receiver: 'echo', ...more })
    const patience = { milliseconds: 5_000, signal: this.leaving.signal, receiptOnly: !wait }
    const waits = wait || terms.receipt === true
    return this.callers.send(message, CALL_TRACE, waits ? patience : undefined, { ...USUAL_TERMS, ...terms }).catch((error: Error) => error)
  }

  /** What the agent got. */
  take (): Uint8Array {
    const reader = new RingReader(this.#ring)
    const at = reader.peek()
    const frame = reader.bytes.slice(at, at + reader.length)
    reader.release()
    return frame
  }

  /** Whether nothing is under way to the agent. */
  get isQuiet (): boolean {
    return new RingReader(this.#ring).isEmpty
  }

  /** The agent has handled the message, or failed at it. */
  settle (asked: Uint8Array, how: 'receipt' | 'failure'): void {
    const flags = how === 'receipt' ? FRAME_FLAGS.platform | FRAME_FLAGS.receipt : FRAME_FLAGS.platform
    this.answer(asked, how === 'receipt' ? 'inform' : 'failure', flags)
  }

  answer (asked: Uint8Array, act: 'agree' | 'inform' | 'propose' | 'failure', flags = 0): void {
    const { sender, receiver, conversation } = decodeFrame(asked)
    const bytes = encodeFrame({ act, receiver: sender, sender: receiver, conversation, flags, fields: {}, content: Uint8Array.of(1) })
    this.#post.arrive(bytes, new DataView(bytes.buffer), 0, bytes.length)
  }
}

/** The code of the error that a caller got. */
export const codeOf = (outcome: Sent | Error): unknown => outcome instanceof Error && 'code' in outcome ? outcome.code : undefined
