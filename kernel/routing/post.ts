import { actCode, FIELD, FRAME, FRAME_FLAGS, HOST_RESULTS } from '../contract/index.js'
import { Conversations, INITIATOR, PARTICIPANT, type Conversation, type Verdict } from './conversations.js'
import { findField, frameFault } from './frame.js'
import type { MessageStamp } from './message-stamp.js'
import { generationOf, handleOf, type NameTable } from './name-table.js'
import { answerTo, type PlatformAnswer } from './platform-answers.js'
import type { ProtocolTable } from './protocol-tables.js'
import type { RingWriter } from './ring.js'
import { CONDITION, type RouteTable } from './route-table.js'
import { UNDELIVERABLE, type Undeliverable } from './undeliverable.js'
import type { WakeWord } from './wake-word.js'

/** Receivers that live in this thread: agents of a shard, or the callers of main. */
export interface LocalReceivers {
  /** Makes room for a frame; on success {@link bytes}, {@link view} and {@link at} say where it goes. */
  reserve (handle: number, length: number, isFailure: boolean): Undeliverable | undefined
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly at: number
  /** Hands over what was written into the reserved room. */
  commit (): void
}

/** Told of everything that passes, and of everything that does not. Must be quick; may keep no reference to `bytes`. */
export interface PostObserver {
  readonly watching: boolean
  /** `outcome`: -1 handed over, else a position in {@link UNDELIVERABLE}. */
  watch (bytes: Uint8Array, at: number, length: number, outcome: number): void
  deadLetter (bytes: Uint8Array, at: number, length: number, reason: Undeliverable): void
}

/** What a thread's post works with. */
export interface PostParts {
  /** Number of this thread. */
  readonly place: number
  readonly routes: RouteTable
  readonly names: NameTable
  /** Rings to the other threads, by place; the own place is undefined. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
  readonly wakes: readonly WakeWord[]
  readonly conversations: Conversations
  readonly protocols: readonly ProtocolTable[]
  readonly stamp: MessageStamp
  readonly local: LocalReceivers
  readonly observer: PostObserver
  /** Wall clock in milliseconds. */
  readonly now: () => number
}

/** Where a frame is about to be written. */
interface Room {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly at: number
}

/** Answers of {@link Post.send} to reasons found before anything was queued. */
const REFUSALS: Partial<Record<Undeliverable, number>> = {
  AGENT_NOT_FOUND: HOST_RESULTS.noSuchAgent, AGENT_NOT_RUNNING: HOST_RESULTS.noSuchAgent,
  MAILBOX_FULL: HOST_RESULTS.full, SHARD_BUSY: HOST_RESULTS.full, MESSAGE_TOO_LARGE: HOST_RESULTS.tooLarge,
}

const FAILURE = actCode('failure')

/**
 * Takes frames from this thread's senders and from other threads, checks each against its conversation, and brings it to
 * the receiver's mailbox or to the ring of the receiver's thread. What can't be delivered comes back as a failure. One per thread.
 */
export class Post {
  #conversation: Conversation | undefined

  constructor (private readonly parts: PostParts) {}

  /**
   * Sends the frame at `bytes[at, at + length)` for a local sender, who finds message id and conversation handle in it
   * afterwards. Answers 0 or a code of `HOST_RESULTS`; the sender of an act that is illegal in its conversation also gets
   * a `not-understood`.
   */
  send (bytes: Uint8Array, view: DataView, at: number, length: number, sender: number, generation: number): number {
    if (frameFault(bytes, view, at, length) !== undefined) return HOST_RESULTS.malformed
    if (bytes[at + FRAME.delivery] !== 0) return HOST_RESULTS.unavailable
    const receiver = this.#receiver(bytes, view, at)
    if (receiver === 0) return HOST_RESULTS.noSuchAgent
    const room = this.#room(view, at, length, receiver)
    if (typeof room === 'string') return REFUSALS[room] ?? HOST_RESULTS.unavailable
    const verdict = this.#checkOutgoing(bytes, view, at, sender, receiver)
    if (!verdict.legal) {
      this.#answerIllegal(bytes, at, length, sender, generation, verdict)
      return HOST_RESULTS.malformed
    }
    this.#write(room, bytes, at, length, sender, generation, 0)
    copyBack(room, view, at)
    this.#handOver(receiver, room, length)
    return HOST_RESULTS.ok
  }

  /** Takes a frame from another thread. */
  arrive (bytes: Uint8Array, view: DataView, at: number, length: number): void {
    const receiver = view.getUint32(at + FRAME.receiver, true)
    if (!this.parts.routes.isCurrent(receiver, view.getUint32(at + FRAME.receiverGeneration, true))) {
      this.bounce(bytes, view, at, length, 'AGENT_NOT_FOUND')
      return
    }
    const isFailure = isPlatformFailure(bytes, at)
    const verdict = this.#checkIncoming(view, at, receiver)
    if (!verdict.legal && !isFailure) {
      this.#refuseIncoming(bytes, view, at, length, verdict)
      return
    }
    const reason = this.parts.local.reserve(receiver, length, isFailure)
    if (reason !== undefined) {
      this.bounce(bytes, view, at, length, reason)
      return
    }
    const { local } = this.parts
    copy(local.bytes, local.at, bytes, at, length)
    this.#handOver(receiver, local, length)
  }

  /** Returns a frame that could not be delivered or handled: a failure to its sender, a dead letter in any case. */
  bounce (bytes: Uint8Array, view: DataView, at: number, length: number, reason: Undeliverable): void {
    const { observer } = this.parts
    observer.deadLetter(bytes, at, length, reason)
    if (observer.watching) observer.watch(bytes, at, length, UNDELIVERABLE.indexOf(reason))
    if ((view.getUint8(at + FRAME.flags) & FRAME_FLAGS.platform) !== 0) return
    this.answer(bytes, at, length, { act: 'failure', code: reason })
  }

  /** The platform answers a frame in the name of its receiver. Dropped, and counted as a dead letter, if that can't be delivered either. */
  answer (bytes: Uint8Array, at: number, length: number, answer: PlatformAnswer): void {
    this.deliver(answerTo(bytes.subarray(at, at + length), answer))
  }

  /** Delivers a whole frame that the platform made. */
  deliver (frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
    const receiver = view.getUint32(FRAME.receiver, true)
    const length = frame.length
    const room = this.#room(view, 0, length, receiver)
    if (typeof room === 'string') {
      this.parts.observer.deadLetter(frame, 0, length, room)
      return
    }
    if (this.parts.routes.place(receiver) === this.parts.place) this.#checkIncoming(view, 0, receiver)
    const generation = view.getUint32(FRAME.senderGeneration, true)
    this.#write(room, frame, 0, length, view.getUint32(FRAME.sender, true), generation, FRAME_FLAGS.platform)
    this.#handOver(receiver, room, length)
  }

  /** Wall-clock time at which {@link expire} has something to do, or Infinity. */
  get due (): number {
    return this.parts.conversations.due
  }

  /** Tells initiators whose answers did not come in time, and forgets conversations that were silent for `idleLimit` milliseconds. */
  expire (idleLimit: number): void {
    this.parts.conversations.expire(this.parts.now(), idleLimit, (conversation, branch, tells) => {
      this.#tellDeadline(conversation, branch.participant, tells)
    })
  }

  #tellDeadline (conversation: Conversation, participant: number, tells: number): void {
    const { routes } = this.parts
    this.parts.stamp.beginTrace()
    const head = new Uint8Array(FRAME.headerBytes)
    const view = new DataView(head.buffer)
    view.setUint32(FRAME.sender, conversation.initiator, true)
    view.setUint32(FRAME.senderGeneration, routes.generation(conversation.initiator), true)
    view.setUint32(FRAME.receiver, participant, true)
    view.setUint32(FRAME.receiverGeneration, routes.generation(participant), true)
    view.setBigUint64(FRAME.conversation, conversation.id, true)
    const frame = answerTo(head, { act: 'failure', code: 'DEADLINE_PASSED' }, conversation.protocol?.protocol.name)
    frame[FRAME.act] = tells
    // The step was taken already: the conversation must not be asked again.
    this.#conversation = undefined
    const room = this.#room(new DataView(frame.buffer), 0, frame.length, conversation.initiator)
    if (typeof room === 'string') {
      this.parts.observer.deadLetter(frame, 0, frame.length, room)
      return
    }
    this.#write(room, frame, 0, frame.length, participant, routes.generation(participant), FRAME_FLAGS.platform)
    this.#handOver(conversation.initiator, room, frame.length)
  }

  /** The receiver's handle, resolved by name where the frame gives one instead of a handle; 0 when there is none. */
  #receiver (bytes: Uint8Array, view: DataView, at: number): number {
    const handle = view.getUint32(at + FRAME.receiver, true)
    const { routes } = this.parts
    if (handle !== 0) return routes.isCurrent(handle, view.getUint32(at + FRAME.receiverGeneration, true)) ? handle : 0
    const field = findField(view, at, FIELD.to)
    if (field < 0) return 0
    const name = Buffer.from(bytes.subarray(field, field + view.getUint16(field - 2, true))).toString()
    const address = this.parts.names.address(name)
    if (address === 0n) return 0
    view.setUint32(at + FRAME.receiver, handleOf(address), true)
    view.setUint32(at + FRAME.receiverGeneration, generationOf(address), true)
    return handleOf(address)
  }

  #room (view: DataView, at: number, length: number, receiver: number): Room | Undeliverable {
    const { routes, place, local, writers } = this.parts
    const condition = routes.condition(receiver)
    const isFailure = view.getUint8(at + FRAME.act) === FAILURE
    if (condition === CONDITION.free) return 'AGENT_NOT_FOUND'
    if (condition === CONDITION.draining && !hasConversation(view, at)) return 'AGENT_NOT_RUNNING'
    if (condition > CONDITION.draining) return 'AGENT_NOT_RUNNING'
    const there = routes.place(receiver)
    if (there === place) return local.reserve(receiver, length, isFailure) ?? local
    const writer = writers[there]
    if (writer === undefined) return 'AGENT_NOT_FOUND'
    if (length > writer.largest) return 'MESSAGE_TOO_LARGE'
    const offset = writer.reserve(length)
    return offset < 0 ? 'SHARD_BUSY' : { bytes: writer.bytes, view: writer.view, at: offset }
  }

  #write (room: Room, bytes: Uint8Array, at: number, length: number, sender: number, generation: number, flags: number): void {
    copy(room.bytes, room.at, bytes, at, length)
    this.parts.stamp.stamp(room.view, room.at, sender, generation, flags)
    if (this.#conversation !== undefined) room.view.setBigUint64(room.at + FRAME.conversation, this.#conversation.id, true)
    this.#conversation = undefined
  }

  #handOver (receiver: number, room: Room, length: number): void {
    const { routes, place, local, writers, wakes, observer } = this.parts
    const there = routes.place(receiver)
    if (there === place) {
      if (observer.watching) observer.watch(room.bytes, room.at, length, -1)
      local.commit()
      return
    }
    writers[there]?.publish()
    wakes[there]?.signal()
  }

  /** Conversation check for a message of a local sender: at the initiator's home, whichever end sends. */
  #checkOutgoing (bytes: Uint8Array, view: DataView, at: number, sender: number, receiver: number): Verdict {
    this.#conversation = undefined
    if (!hasConversation(view, at)) {
      const field = findField(view, at, FIELD.protocol)
      return field < 0 ? LEGAL : this.#openConversation(bytes, view, at, field, sender, receiver)
    }
    const id = view.getBigUint64(at + FRAME.conversation, true)
    if (Conversations.homeOf(id) !== this.parts.place) return LEGAL
    const conversation = this.parts.conversations.find(id)
    if (conversation === undefined) return OVER
    if (conversation.initiator === sender) return this.#step(conversation, INITIATOR, receiver, view, at)
    return conversation.initiator === receiver ? this.#step(conversation, PARTICIPANT, sender, view, at) : OVER
  }

  /** Conversation check for a message from another thread to an initiator that lives here. */
  #checkIncoming (view: DataView, at: number, receiver: number): Verdict {
    if (!hasConversation(view, at)) return LEGAL
    const id = view.getBigUint64(at + FRAME.conversation, true)
    if (Conversations.homeOf(id) !== this.parts.place) return LEGAL
    const conversation = this.parts.conversations.find(id)
    if (conversation === undefined) return OVER
    if (conversation.initiator !== receiver) return OVER
    return this.#step(conversation, PARTICIPANT, view.getUint32(at + FRAME.sender, true), view, at)
  }

  #openConversation (bytes: Uint8Array, view: DataView, at: number, field: number, sender: number, receiver: number): Verdict {
    const length = view.getUint16(field - 2, true)
    const table = this.parts.protocols.find(({ nameBytes }) => equal(nameBytes, bytes, field, length))
    if (table === undefined) return { legal: false, state: 'unknown protocol', acts: [] }
    const { conversations } = this.parts
    const conversation = conversations.open(table, sender, this.parts.now())
    const verdict = this.#step(conversation, INITIATOR, receiver, view, at)
    if (verdict.legal) this.#conversation = conversation
    else conversations.close(conversation.id)
    return verdict
  }

  #step (conversation: Conversation, role: number, other: number, view: DataView, at: number): Verdict {
    const { conversations } = this.parts
    const deadline = Number(view.getBigInt64(at + FRAME.deadline, true))
    const verdict = conversations.step(conversation, role, other, view.getUint8(at + FRAME.act), deadline, this.parts.now())
    if (verdict.legal && conversations.isOver(conversation)) conversations.close(conversation.id)
    return verdict
  }

  #answerIllegal (bytes: Uint8Array, at: number, length: number, sender: number, generation: number, verdict: Illegal): void {
    const frame = bytes.slice(at, at + length)
    const view = new DataView(frame.buffer)
    view.setUint32(FRAME.sender, sender, true)
    view.setUint32(FRAME.senderGeneration, generation, true)
    this.#refuseIncoming(frame, view, 0, length, verdict)
  }

  #refuseIncoming (bytes: Uint8Array, view: DataView, at: number, length: number, verdict: Illegal): void {
    this.parts.observer.deadLetter(bytes, at, length, 'CONVERSATION_UNKNOWN')
    if (isPlatformFailure(bytes, at)) return
    // Without its conversation: whoever speaks out of turn is told, and the conversation stays as it was.
    const frame = answerTo(bytes.subarray(at, at + length), { act: 'not-understood', code: 'ACT_NOT_LEGAL', ...verdict })
    new DataView(frame.buffer).setBigUint64(FRAME.conversation, 0n, true)
    this.deliver(frame)
  }
}

type Illegal = Extract<Verdict, { legal: false }>

const LEGAL: Verdict = { legal: true }
const OVER: Verdict = { legal: false, state: 'over', acts: [] }

const hasConversation = (view: DataView, at: number): boolean =>
  view.getUint32(at + FRAME.conversation, true) !== 0 || view.getUint32(at + FRAME.conversation + 4, true) !== 0

const isPlatformFailure = (bytes: Uint8Array, at: number): boolean =>
  ((bytes[at + FRAME.flags] ?? 0) & FRAME_FLAGS.platform) !== 0

/** Copies without making a view for short frames, whose making would cost more than the copying. */
function copy (to: Uint8Array, toAt: number, from: Uint8Array, fromAt: number, length: number): void {
  if (length > SHORT) {
    to.set(from.subarray(fromAt, fromAt + length), toAt)
    return
  }
  for (let index = 0; index < length; index++) to[toAt + index] = from[fromAt + index] ?? 0
}

const SHORT = 512

function copyBack (room: Room, view: DataView, at: number): void {
  for (let byte = FRAME.messageEpoch; byte < FRAME.deadline; byte += 4) {
    view.setUint32(at + byte, room.view.getUint32(room.at + byte, true), true)
  }
}

function equal (wanted: Uint8Array, bytes: Uint8Array, at: number, length: number): boolean {
  if (wanted.length !== length) return false
  for (let index = 0; index < length; index++) if (wanted[index] !== bytes[at + index]) return false
  return true
}
