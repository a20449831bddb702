import type { Act, Protocol } from '../../kernel/contract/index.js'
import { CapabilityTable } from '../../kernel/routing/capabilities/capability-table.js'
import { Conversations } from '../../kernel/routing/conversations/conversations.js'
import { decodeFrame, encodeFrame, type Address, type FrameFields, type ReadFrame } from '../../kernel/routing/frames/frame.js'
import type { LocalReceivers } from '../../kernel/routing/frame-dispatch.js'
import { MessageStamp } from '../../kernel/routing/frames/message-stamp.js'
import { NameTable } from '../../kernel/routing/directory/name-table.js'
import type { PostObserver } from '../../kernel/routing/post-observer.js'
import type { ConversationLimits } from '../../kernel/routing/conversations/conversation-limits.js'
import { Post } from '../../kernel/routing/post.js'
import { ProtocolTable } from '../../kernel/routing/conversations/protocol-tables.js'
import { Recipients } from '../../kernel/routing/directory/recipients.js'
import { ringBuffer, RingReader, RingWriter } from '../../kernel/routing/frames/ring.js'
import { CONDITION, RouteTable, routeTableBuffer, type Condition } from '../../kernel/routing/directory/route-table.js'
import type { Reach } from '../../kernel/routing/permissions/reach.js'
import { TopicTable } from '../../kernel/routing/topics/topic-table.js'
import type { Undeliverable } from '../../kernel/routing/undeliverable.js'
import { wakeBuffer, WakeWord } from '../../kernel/routing/frames/wake-word.js'
import { REQUEST } from './request-protocol.js'
import { samples } from './trace-samples.js'

/** Receivers that take everything, unless told to refuse. */
export class FakeReceivers implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 8
  readonly received: Array<ReadFrame & { readonly isFailure: boolean }> = []
  refusal: Undeliverable | undefined
  /** Handles whose mailboxes are full. */
  refuses: readonly number[] = []
  #length = 0
  #isFailure = false

  reserve (handle: number, length: number, isFailure: boolean): Undeliverable | undefined {
    if (this.refuses.includes(handle)) return 'MAILBOX_FULL'
    if (this.refusal !== undefined) return this.refusal
    this.bytes = new Uint8Array(this.at + length)
    this.view = new DataView(this.bytes.buffer)
    this.#length = length
    this.#isFailure = isFailure
    return undefined
  }

  commit (): void {
    this.received.push({ ...decodeFrame(this.bytes.slice(this.at, this.at + this.#length)), isFailure: this.#isFailure })
  }
}

/** An observer that remembers. */
export class FakeObserver implements PostObserver {
  watching = false
  readonly letters: Array<{ readonly frame: ReadFrame, readonly reason: Undeliverable }> = []
  readonly watched: number[] = []

  watch (_bytes: Uint8Array, _at: number, _length: number, outcome: number): void {
    this.watched.push(outcome)
  }

  deadLetter (bytes: Uint8Array, at: number, length: number, reason: Undeliverable): void {
    this.letters.push({ frame: decodeFrame(bytes.slice(at, at + length)), reason })
  }
}

/** Limits of conversations, large enough for any test that is not about them. */
export const CONVERSATION_LIMITS: ConversationLimits = {
  all: 65_536, ofOne: 65_536, participants: 100, idle: 1_000_000, tick: 50, transcript: 0, transcriptBytes: 100,
}

/** What a test sends; everything else is zero. */
export interface Sending {
  readonly act?: Act
  readonly to?: Address
  readonly conversation?: bigint
  readonly deadline?: number
  readonly priority?: number
  readonly delivery?: number
  readonly expires?: number
  readonly flags?: number
  readonly fields?: FrameFields
  readonly content?: string
  /** To whom the sender may write; left out: to everybody. */
  readonly reach?: Reach
}

/** The post of the thread 1, with real tables and a real ring to the thread 2; agents live in both. */
export class RoutingScene {
  now = 1_000_000
  readonly routes = new RouteTable(routeTableBuffer())
  readonly names = new NameTable()
  readonly capabilities = new CapabilityTable()
  readonly topics = new TopicTable()
  /** How many messages wait for an agent. */
  readonly waiting = new Map<number, number>()
  readonly recipients = new Recipients({
    routes: this.routes, names: this.names, capabilities: this.capabilities, topics: this.topics, fanOut: 3,
    messages: { waiting: handle => this.waiting.get(handle) ?? 0 },
  })
  readonly local = new FakeReceivers()
  readonly observer = new FakeObserver()
  readonly stamp = new MessageStamp(77n, 1, Uint32Array.of(1, 2, 3, 4), samples(0))
  readonly toOther: RingReader
  /** What is to be kept. */
  readonly toMain: RingReader
  readonly conversations: Conversations
  readonly post: Post
  readonly here = this.agent(2, 1)
  readonly alsoHere = this.agent(3, 1)
  readonly there = this.agent(4, 2)

  constructor (limits: Partial<ConversationLimits> = {}, ringBytes = 4_096, protocols: readonly Protocol[] = [REQUEST]) {
    const buffer = ringBuffer(ringBytes)
    this.toOther = new RingReader(buffer)
    const mainBuffer = ringBuffer(4_096)
    this.toMain = new RingReader(mainBuffer)
    const tables = protocols.map(protocol => new ProtocolTable(protocol))
    this.conversations = new Conversations(1, 5, tables, { ...CONVERSATION_LIMITS, ...limits })
    this.post = new Post({
      place: 1, routes: this.routes, recipients: this.recipients, local: this.local, observer: this.observer, stamp: this.stamp,
      writers: [new RingWriter(mainBuffer), undefined, new RingWriter(buffer)],
      wakes: [wakeBuffer(), wakeBuffer(), wakeBuffer()].map(wake => new WakeWord(wake)),
      conversations: this.conversations,
      now: () => this.now,
    })
  }

  agent (handle: number, place: number, condition: Condition = CONDITION.running): Address {
    this.routes.set(handle, 9, place, handle, condition)
    return { handle, generation: 9 }
  }

  /** Sends as a local agent. Gives the result and the frame as its sender sees it afterwards. */
  send (sender: Address, { to = this.alsoHere, act = 'request', fields = {}, content = '', reach, ...more }: Sending = {}): {
    readonly result: number, readonly frame: ReadFrame, readonly bytes: Uint8Array
  } {
    const bytes = encodeFrame({ act, receiver: to, sender: { handle: 0, generation: 0 }, fields, content: Buffer.from(content), ...more })
    const result = this.post.send(bytes, new DataView(bytes.buffer), 0, bytes.length, sender.handle, sender.generation, reach)
    return { result, frame: decodeFrame(bytes), bytes }
  }

  /** A frame comes in from another thread. */
  arrive (sender: Address, sending: Sending = {}): void {
    const { to = this.here, act = 'inform', fields = {}, content = '', ...more } = sending
    const bytes = encodeFrame({ act, receiver: to, sender, fields, content: Buffer.from(content), ...more })
    this.post.arrive(bytes, new DataView(bytes.buffer), 0, bytes.length)
  }

  /** The next frame in the ring to the thread 2, or another one. */
  takeFromRing (ring = this.toOther): ReadFrame | undefined {
    const at = ring.peek()
    if (at < 0) return undefined
    const frame = decodeFrame(ring.bytes.slice(at, at + ring.length))
    ring.release()
    return frame
  }
}

/** The JSON of a platform's answer. */
export const contentOf = ({ content }: Pick<ReadFrame, 'content'>): Record<string, unknown> =>
  JSON.parse(Buffer.from(content).toString()) as Record<string, unknown>
