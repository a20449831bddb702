import { actCode, FRAME, FRAME_FLAGS, type AclMessage, type Clock, type TraceContext } from '../contract/index.js'
import { aclOf, conversationText, draftOf, messageIdText } from './acl-message.js'
import type { CallerListener } from './caller-listener.js'
import { CallerPost, type CallerPostParts } from './caller-post.js'
import { CallerWait } from './caller-wait.js'
import type { ConversationEnd } from './conversation-ends.js'
import { FREE, type Conversations } from './conversations.js'
import { destinationOf, type Destination } from './destination.js'
import type { Endpoint } from './endpoints.js'
import { decodeFrame, encodeFrame, type Address } from './frame.js'
import type { MessageStamp } from './message-stamp.js'
import { CallCancelled } from './operations/operation-errors.js'
import { PLATFORM } from './protocol-tables.js'
import type { RingWriter } from './ring.js'
import { USUAL_TERMS, type SendTerms } from './send-terms.js'
import { CALLER_HANDLE } from './route-table.js'
import { AnswerTimeout, MessagesStopping, TooManyCallers, TooManyConversations } from './routing-errors.js'
import { SentCopies } from './sent-copies.js'

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
  readonly id: bigint
  readonly wait: CallerWait
  readonly copies: SentCopies
  readonly finish: (outcome: Outcome) => void
}

/** What {@link Callers} work with. */
export interface CallerParts extends CallerPostParts {
  readonly conversations: Conversations
  /** Rings to the other threads, by place. */
  readonly writers: ReadonlyArray<RingWriter | undefined>
  readonly stamp: MessageStamp
  readonly clock: Clock
}

/** Sends messages for callers of the operations, who are no agents, and brings them the answers. Main thread only. */
export class Callers implements Endpoint {
  readonly #post: CallerPost
  readonly #waiting = new Map<bigint, Waiting>()
  readonly #listeners = new Map<bigint, CallerListener>()
  #closed = false

  /** Answers that came when nobody waited for them. */
  unclaimed = 0

  constructor (private readonly parts: CallerParts) {
    this.#post = new CallerPost(parts)
  }

  /** Answers are gathered by who waits for them, each of whom has a bound. */
  get isFull (): boolean {
    return false
  }

  /** An answer came, or a receipt. */
  receive (frame: Uint8Array): void {
    const id = new DataView(frame.buffer).getBigUint64(FRAME.conversation, true)
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) {
      const listener = this.#listeners.get(id)
      if (listener === undefined) this.unclaimed += 1
      else listener.receive(frame)
      return
    }
    waiting.wait.take(this.#shown(frame), frame[FRAME.flags] ?? 0)
    if (waiting.wait.isOver) waiting.finish('answered')
  }

  /** Whoever waits is told that the server stops, and nothing more is sent. */
  close (): void {
    this.#closed = true
    for (const { finish } of this.#waiting.values()) finish('stopping')
    for (const listener of this.#listeners.values()) listener.stop()
  }

  /**
   * A thread went away with the messages that it had taken: whoever waits for an answer to one gets a failure in its stead. What is
   * still in the ring is handled when the thread is back.
   */
  threadLost (place: number): void {
    for (const waiting of this.#waiting.values()) {
      const { copies, wait } = waiting
      const lost = copies.lostAt(place)
      for (const receiver of lost) {
        if (this.#goesOn(waiting, receiver)) wait.take(this.#shown(copies.lostAnswer(receiver)), FRAME_FLAGS.platform)
      }
      if (lost.length > 0 && (copies.count === 1 || wait.isOver)) waiting.finish('answered')
    }
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
    if (this.#closed) throw MessagesStopping({})
    const destination = destinationOf(message, terms, directory)
    if (patience !== undefined && this.#waiting.size >= WAITING) throw TooManyCallers({ limit: WAITING })
    const isFree = draft.fields.protocol === undefined
    let opened = isFree && patience !== undefined ? this.#openFree(terms.priority) : 0n
    const frame = encodeFrame({
      ...draft, fields: { ...draft.fields, ...destination.fields },
      receiver: destination.receiver, sender: directory.caller, conversation: opened,
      priority: terms.priority, delivery: terms.delivery,
      expires: terms.timeToLive === 0 ? 0 : clock.now() + terms.timeToLive,
      flags: terms.receipt ? FRAME_FLAGS.receipt : 0,
    })
    stamp.adoptTrace(trace.traceId, trace.sampled)
    let end: ConversationEnd = 'caller left'
    try {
      const isKept = this.#post.hand(frame, message, destination)
      const copies = this.#copies(frame, isKept)
      if (isKept) await this.#post.kept(destination)
      const { epoch, counter, conversation } = decodeFrame(frame)
      opened = conversation
      const wait = new CallerWait({ answers: patience?.receiptOnly !== true, receipt: terms.receipt },
        answers => isFree ? answers.at(-1)?.performative !== 'agree' : this.isOver(conversation))
      if (patience !== undefined) await this.#await(conversation, destination, wait, copies, patience)
      end = 'completed'
      const conversationId = message.conversationId === '' ? conversationText(conversation) : message.conversationId
      return { messageId: messageIdText({ epoch, counter }), conversationId, answers: wait.answers, handled: wait.handled }
    } finally {
      // Nobody listens to it any more. A caller who never waited for answers leaves it to the protocol, or to the idle limit.
      if (patience !== undefined && (isFree || patience.receiptOnly !== true)) this.#close(opened, end)
    }
  }

  /**
   * Says something without waiting, in the conversation with the id, or in a new one (0). Gives the conversation's id and
   * the receiver's handle. Errors: those of routing-errors.
   */
  say (message: AclMessage, trace: TraceContext, conversation: bigint): { readonly conversation: bigint, readonly handle: number } {
    const { directory, stamp } = this.parts
    if (this.#closed) throw MessagesStopping({})
    const destination = destinationOf(message, USUAL_TERMS, directory)
    const { receiver } = destination
    const frame = encodeFrame({
      ...draftOf(message), receiver, sender: directory.caller, conversation, priority: USUAL_TERMS.priority,
    })
    stamp.adoptTrace(trace.traceId, trace.sampled)
    this.#post.hand(frame, message, destination)
    return { conversation: decodeFrame(frame).conversation, handle: receiver.handle }
  }

  /** From now on the listener hears what comes back in a conversation. */
  listen (conversation: bigint, listener: CallerListener): void {
    this.#listeners.set(conversation, listener)
  }

  /** Ends a conversation and whoever listened to it. */
  hangUp (conversation: bigint): void {
    this.#listeners.delete(conversation)
    this.#close(conversation, 'caller left')
  }

  /** A conversation without a protocol, so that answers find their caller. */
  #openFree (priority: number): bigint {
    const { conversations, clock } = this.parts
    const conversation = conversations.open(FREE, CALLER_HANDLE, clock.now(), priority)
    if (conversation < 0) throw TooManyConversations({})
    return conversations.table.id(conversation)
  }

  #close (id: bigint, end: ConversationEnd): void {
    const { conversations, clock } = this.parts
    const conversation = conversations.table.findId(id)
    if (conversation >= 0) conversations.close(conversation, end, clock.now())
  }

  /** To whom the latest message went. */
  #copies (frame: Uint8Array, isKept: boolean): SentCopies {
    const { post, routes, writers } = this.parts
    return new SentCopies(frame, isKept, post.recipients.list, routes, writers)
  }

  async #await (id: bigint, { name }: Destination, wait: CallerWait, copies: SentCopies, patience: Patience): Promise<void> {
    // Nobody subscribes to the topic.
    if (copies.count === 0) return
    const outcome = await this.#outcome({ id, wait, copies }, patience)
    switch (outcome) {
      case 'answered': return
      case 'late': throw AnswerTimeout({ name, milliseconds: patience.milliseconds })
      case 'gone': throw CallCancelled({ operation: 'caxton.v1.Messages/Send' })
      case 'stopping': throw MessagesStopping({})
    }
  }

  #outcome (waiting: Omit<Waiting, 'finish'>, { milliseconds, signal }: Patience): Promise<Outcome> {
    if (signal.aborted) return Promise.resolve('gone')
    return new Promise(resolve => {
      const timer = this.parts.clock.after(milliseconds, () => finish('late'))
      const left = (): void => finish('gone')
      const finish = (how: Outcome): void => {
        timer.cancel()
        signal.removeEventListener('abort', left)
        this.#waiting.delete(waiting.id)
        resolve(how)
      }
      signal.addEventListener('abort', left)
      this.#waiting.set(waiting.id, { ...waiting, finish })
    })
  }

  /** Whether nobody has anything to say any more in a conversation. */
  isOver (id: bigint): boolean {
    const { table } = this.parts.conversations
    const conversation = table.findId(id)
    return conversation < 0 || table.isOver(conversation)
  }

  /** Whether a conversation still waits for somebody, who has failed now. */
  #goesOn ({ id }: Waiting, { handle }: Address): boolean {
    const { conversations, clock } = this.parts
    const conversation = conversations.table.findId(id)
    return conversation >= 0 && conversations.step(conversation, PLATFORM, handle, actCode('failure'), 0, clock.now()).legal
  }

  #shown (frame: Uint8Array): AclMessage {
    return aclOf(frame, handle => this.parts.directory.name(handle))
  }
}
