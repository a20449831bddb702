import { FRAME, FRAME_FLAGS, HOST_RESULTS, type AclMessage, type Clock, type TraceContext } from '../contract/index.js'
import { aclOf, conversationText, draftOf, messageIdText } from './acl-message.js'
import type { CallerInbox } from './caller-inbox.js'
import { CallerWait } from './caller-wait.js'
import { FREE, type Conversations } from './conversations.js'
import type { Directory } from './directory.js'
import { decodeFrame, encodeFrame, type Address } from './frame.js'
import type { MessageStamp } from './message-stamp.js'
import { CallCancelled } from './operations/operation-errors.js'
import { answerTo } from './platform-answers.js'
import type { Post } from './post.js'
import type { RingWriter } from './ring.js'
import { USUAL_TERMS, type SendTerms } from './send-terms.js'
import { CALLER_HANDLE, CONDITION, type RouteTable } from './route-table.js'
import {
  ActNotLegal, AgentNotFound, AgentNotRunning, AnswerTimeout, MailboxFull, MessageInvalid, MessagesStopping,
  MessageTooLarge, TooManyCallers, TooManyConversations,
} from './routing-errors.js'

/** Most calls that wait for answers or receipts at once. */
const WAITING = 10_000

/** What became of a message that a caller sent. */
export interface Sent {
  readonly messageId: string
  readonly conversationId: string
  readonly answers: readonly AclMessage[]
  /** With a receipt asked for: whether the receiver has handled the message without fault. */
  readonly handled: boolean
}

/** How long a caller waits, and what ends it early. */
export interface Patience {
  readonly milliseconds: number
  readonly signal: AbortSignal
  /** Only the receipt is waited for, not the answers. */
  readonly receiptOnly?: boolean
}

/** How a caller's waiting ended. */
type Outcome = 'answered' | 'late' | 'gone' | 'stopping'

interface Waiting {
  readonly wait: CallerWait
  /** The message that was sent, the thread to which, and whether that has taken it from its ring. */
  readonly frame: Uint8Array
  readonly place: number
  readonly isTaken: () => boolean
  readonly finish: (outcome: Outcome) => void
}

/** What {@link Callers} work with. */
export interface CallerParts {
  readonly post: Post
  readonly inbox: CallerInbox
  readonly conversations: Conversations
  readonly directory: Directory
  readonly routes: RouteTable
  /** Rings to the other threads, by place. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
  readonly stamp: MessageStamp
  readonly clock: Clock
  /** Largest message that is taken, in bytes, header included. */
  readonly largestMessage: number
}

/** Sends messages for callers of the operations, who are no agents, and brings them the answers. Main thread only. */
export class Callers {
  readonly #waiting = new Map<bigint, Waiting>()
  #closed = false

  /** Answers that came when nobody waited for them. */
  unclaimed = 0

  constructor (private readonly parts: CallerParts) {}

  /** Begins to take answers. */
  open (): void {
    this.parts.inbox.receive = frame => this.#receive(frame)
  }

  /** Whoever waits is told that the server stops, and nothing more is sent. */
  close (): void {
    this.#closed = true
    for (const { finish } of this.#waiting.values()) finish('stopping')
  }

  /**
   * A thread went away with the messages that it had taken: whoever waits for an answer to one gets a failure in its stead. What is
   * still in the ring is handled when the thread is back.
   */
  threadLost (place: number): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.place !== place || !waiting.isTaken()) continue
      waiting.wait.take(this.#shown(answerTo(waiting.frame, { act: 'failure', code: 'SHARD_LOST' })), FRAME_FLAGS.platform)
      waiting.finish('answered')
    }
  }

  /** How many conversations of callers an agent is part of, or is to answer. */
  involving (handle: number): number {
    let count = this.parts.conversations.involving(handle)
    for (const { frame } of this.#waiting.values()) if (decodeFrame(frame).receiver.handle === handle) count += 1
    return count
  }

  /**
   * Sends a message, and with `patience` waits for the answer that ends the conversation. A message without a protocol
   * is over with the first answer other than `agree`. With terms that ask for a receipt it also waits for that, or
   * for the failure in its stead. Errors: those of routing-errors.
   */
  async send (
    message: AclMessage, trace: TraceContext, patience: Patience | undefined, terms: SendTerms = USUAL_TERMS,
  ): Promise<Sent> {
    const { directory, stamp, clock } = this.parts
    const draft = draftOf(message)
    if (message.receiver === '') throw MessageInvalid({ parameter: 'receiver', problem: 'it is missing' })
    if (this.#closed) throw MessagesStopping({})
    const receiver = directory.address(message.receiver)
    if (receiver === undefined) throw AgentNotFound({ name: message.receiver })
    if (patience !== undefined && this.#waiting.size >= WAITING) throw TooManyCallers({ limit: WAITING })
    const isFree = draft.fields.protocol === undefined
    let opened = isFree && patience !== undefined ? this.#openFree(terms.priority) : 0n
    const frame = encodeFrame({
      ...draft, receiver, sender: directory.caller, conversation: opened, priority: terms.priority,
      expires: terms.timeToLive === 0 ? 0 : clock.now() + terms.timeToLive,
      flags: terms.receipt ? FRAME_FLAGS.receipt : 0,
    })
    stamp.adoptTrace(trace.traceId, trace.sampled)
    try {
      this.#dispatch(frame, message, receiver)
      const { epoch, counter, conversation } = decodeFrame(frame)
      opened = conversation
      const wait = new CallerWait({ answers: patience?.receiptOnly !== true, receipt: terms.receipt },
        answers => isFree ? answers.at(-1)?.performative !== 'agree' : this.#isOver(conversation))
      if (patience !== undefined) await this.#await(conversation, frame, message, wait, patience)
      const conversationId = message.conversationId === '' ? conversationText(conversation) : message.conversationId
      return { messageId: messageIdText({ epoch, counter }), conversationId, answers: wait.answers, handled: wait.handled }
    } finally {
      // Nobody listens to it any more. A caller who never waited for answers leaves it to the protocol, or to the idle limit.
      if (patience !== undefined && (isFree || patience.receiptOnly !== true)) this.#close(opened)
    }
  }

  /** A conversation without a protocol, so that answers find their caller. */
  #openFree (priority: number): bigint {
    const { conversations: { table }, clock } = this.parts
    const conversation = table.open(FREE, CALLER_HANDLE, clock.now(), priority)
    if (conversation < 0) throw TooManyConversations({})
    return table.id(conversation)
  }

  #close (id: bigint): void {
    const { table } = this.parts.conversations
    const conversation = table.findId(id)
    if (conversation >= 0) table.close(conversation)
  }

  #dispatch (frame: Uint8Array, message: AclMessage, receiver: Address): void {
    const { post, directory: { caller }, routes, largestMessage } = this.parts
    if (frame.length > largestMessage) throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
    const result = post.send(frame, new DataView(frame.buffer), 0, frame.length, caller.handle, caller.generation)
    const name = message.receiver
    switch (result) {
      case HOST_RESULTS.ok: return
      case HOST_RESULTS.full: throw MailboxFull({ name })
      case HOST_RESULTS.quota: throw TooManyConversations({})
      case HOST_RESULTS.tooLarge: throw MessageTooLarge({ bytes: frame.length, limit: largestMessage })
      case HOST_RESULTS.malformed: throw ActNotLegal({ performative: message.performative, protocol: message.protocol })
      default: throw routes.condition(receiver.handle) === CONDITION.free ? AgentNotFound({ name }) : AgentNotRunning({ name })
    }
  }

  async #await (id: bigint, frame: Uint8Array, message: AclMessage, wait: CallerWait, patience: Patience): Promise<void> {
    const place = this.parts.routes.place(decodeFrame(frame).receiver.handle)
    const writer = this.parts.writers[place]
    const mark = writer?.mark ?? 0
    const isTaken = (): boolean => writer?.hasTaken(mark) ?? true
    const outcome = await this.#outcome(id, { wait, frame, place, isTaken }, patience)
    const name = message.receiver
    switch (outcome) {
      case 'answered': return
      case 'late': throw AnswerTimeout({ name, milliseconds: patience.milliseconds })
      case 'gone': throw CallCancelled({ operation: 'caxton.v1.Messages/Send' })
      case 'stopping': throw MessagesStopping({})
    }
  }

  #outcome (id: bigint, waiting: Omit<Waiting, 'finish'>, { milliseconds, signal }: Patience): Promise<Outcome> {
    if (signal.aborted) return Promise.resolve('gone')
    return new Promise(resolve => {
      const timer = this.parts.clock.after(milliseconds, () => finish('late'))
      const left = (): void => finish('gone')
      const finish = (how: Outcome): void => {
        timer.cancel()
        signal.removeEventListener('abort', left)
        this.#waiting.delete(id)
        resolve(how)
      }
      signal.addEventListener('abort', left)
      this.#waiting.set(id, { ...waiting, finish })
    })
  }

  #isOver (id: bigint): boolean {
    const { table } = this.parts.conversations
    const conversation = table.findId(id)
    return conversation < 0 || table.isOver(conversation)
  }

  #shown (frame: Uint8Array): AclMessage {
    return aclOf(frame, handle => this.parts.directory.name(handle))
  }

  #receive (frame: Uint8Array): void {
    const id = new DataView(frame.buffer).getBigUint64(FRAME.conversation, true)
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) {
      this.unclaimed += 1
      return
    }
    waiting.wait.take(this.#shown(frame), frame[FRAME.flags] ?? 0)
    if (waiting.wait.isOver) waiting.finish('answered')
  }
}
