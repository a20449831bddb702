import { FRAME, FRAME_FLAGS, isCaxtonError, type AclMessage, type TraceContext } from '../../contract/index.js'
import { aclOf, conversationText, draftOf } from '../frames/acl-message.js'
import { messageIdText } from '../frames/message-id.js'
import { CallerLegs } from './caller-legs.js'
import type { CallerListener } from './caller-listener.js'
import type { CallerParts } from './caller-parts.js'
import { CallerPost, type Keeping } from './caller-post.js'
import type { Patience, Sent } from './caller-outcome.js'
import { CallerWait } from './caller-wait.js'
import type { ConversationEnd } from '../conversations/conversation-ends.js'
import { FREE } from '../conversations/conversations.js'
import { agentDestination, destinationsOf, type Destination } from './destination.js'
import type { Endpoint } from '../directory/endpoints.js'
import { conversationOf, messageNumberOf } from '../frames/frame.js'
import { CallCancelled } from '../operations/operation-errors.js'
import { answerTo } from '../platform-answers.js'
import { isSampled } from '../tracing/message-spans.js'
import { USUAL_TERMS, type SendTerms } from './send-terms.js'
import { CALLER_HANDLE } from '../directory/route-table.js'
import { AnswerTimeout, MessagesStopping, TooManyCallers, TooManyConversations } from '../routing-errors.js'
import { UNDELIVERABLE, type Undeliverable } from '../undeliverable.js'

/** Most calls that wait for answers or receipts at once. */
const WAITING = 10_000

type Outcome = 'answered' | 'late' | 'gone' | 'stopping'

interface Waiting {
  readonly wait: CallerWait
  readonly legs: CallerLegs
  readonly finish: (outcome: Outcome) => void
}

/** Sends messages for callers of the operations, who are no agents, and brings them the answers. Main thread only. */
export class Callers implements Endpoint {
  /** Answers are gathered by who waits for them, each of whom has a bound. */
  readonly isFull = false
  readonly keepsFrames = true
  readonly #post: CallerPost
  readonly #waiting = new Map<bigint, Waiting>()
  readonly #listeners = new Map<bigint, CallerListener>()
  #closed = false
  /** Answers that came when nobody waited for them. */
  unclaimed = 0

  constructor (private readonly parts: CallerParts) {
    this.#post = new CallerPost(parts)
  }

  /** An answer came, or a receipt. */
  receive (frame: Uint8Array): void {
    const view = new DataView(frame.buffer)
    if (isSampled(view, 0)) this.parts.spans?.received(frame, view)
    const id = view.getBigUint64(FRAME.conversation, true)
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

  /** A thread went away with what it had taken: who waits for an answer to that gets a failure. What is in the ring is handled later. */
  threadLost (place: number): void {
    this.#lose('SHARD_LOST', legs => legs.lose(place, this.parts.clock.now()))
  }

  /** These agents are gone: who waits for an answer of one without a protocol gets a failure. */
  lose (handles: readonly number[], code: Undeliverable): void {
    this.#lose(code, legs => legs.loseTo(handles))
  }

  /**
   * Sends a message to each of its receivers, in one conversation, and with `patience` waits for the answers that end
   * it. A message without a protocol is over with the first answer of each receiver other than `agree`. With terms that
   * ask for a receipt it also waits for that, or for the failure in its stead. When the message can't be handed to the
   * first receiver nothing is sent; from another one the answer is a failure then. Errors: those of routing-errors.
   */
  async send (
    message: AclMessage, trace: TraceContext, patience: Patience | undefined, terms: SendTerms = USUAL_TERMS,
  ): Promise<Sent> {
    const draft = draftOf(message)
    if (this.#closed) throw MessagesStopping({})
    const destinations = destinationsOf(draft.receivers, terms, this.parts.directory)
    if (patience !== undefined && this.#waiting.size >= WAITING) throw TooManyCallers({ limit: WAITING })
    const isFree = draft.fields.protocol === undefined
    const legs = new CallerLegs(this.parts, isFree, this.#nameOf)
    const wanted = { answers: patience?.receiptOnly !== true, receipt: terms.receipt, receivers: () => legs.count }
    const wait = new CallerWait(wanted, answers => legs.isOver(answers))
    if (isFree && patience !== undefined) legs.conversation = this.#openFree(terms.priority)
    this.parts.stamp.adoptTrace(trace)
    let end: ConversationEnd = 'caller left'
    try {
      let messageId = ''
      const keepings: Array<Promise<Keeping>> = []
      for (const destination of destinations) {
        const frame = this.#post.frame(draft, terms, destination, legs.conversation)
        const keeping = this.#handOver(frame, message, destination, { legs, wait })
        if (keeping !== undefined) keepings.push(keeping)
        messageId ||= messageIdText(messageNumberOf(frame))
      }
      const kept = Promise.all(keepings)
      // Nobody subscribes to a topic: then nobody answers.
      if (patience !== undefined && legs.count > 0 && !wait.isOver) await this.#await({ legs, wait }, patience, kept)
      const duplicate = (await kept).some(({ isDuplicate }) => isDuplicate)
      end = 'completed'
      const conversationId = message.conversationId === '' ? conversationText(legs.conversation) : message.conversationId
      return { messageId, conversationId, answers: wait.answers, accepted: keepings.length > 0, duplicate, handled: wait.handled }
    } finally {
      // Nobody listens to it any more. A caller who never waited for answers leaves it to the protocol, or to the idle limit.
      if (patience !== undefined && (isFree || patience.receiptOnly !== true)) this.#close(legs.conversation, end)
    }
  }

  /**
   * Says something without waiting, in the conversation with the id, or in a new one (0). Gives the conversation's id and
   * the receiver's handle. Errors: those of routing-errors.
   */
  say (message: AclMessage, trace: TraceContext, conversation: bigint): { readonly conversation: bigint, readonly handle: number } {
    if (this.#closed) throw MessagesStopping({})
    const destination = agentDestination(message.receiver, this.parts.directory)
    const frame = this.#post.frame(draftOf(message), USUAL_TERMS, destination, conversation)
    this.parts.stamp.adoptTrace(trace)
    // What could not be kept comes back as a failure, which the listener hears.
    void this.#post.hand(frame, message, destination)?.catch(() => {})
    return { conversation: conversationOf(frame), handle: destination.receiver.handle }
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
    if (conversation === undefined) throw TooManyConversations({})
    return conversation.id
  }

  #close (id: bigint, end: ConversationEnd): void {
    const { conversations, clock } = this.parts
    const conversation = conversations.table.findId(id)
    if (conversation !== undefined) conversations.close(conversation, end, clock.now())
  }

  /**
   * Sends one copy. When it can't be handed over, and is not the first, it is answered by a failure. Answers what resolves when a message
   * that is kept is on disk.
   */
  #handOver (
    frame: Uint8Array, message: AclMessage, destination: Destination, { legs, wait }: Omit<Waiting, 'finish'>,
  ): Promise<Keeping> | undefined {
    try {
      const keeping = this.#post.hand(frame, message, destination)
      legs.add(frame, this.parts.post.recipients.list, keeping !== undefined)
      return keeping
    } catch (error) {
      const code = UNDELIVERABLE.find(known => isCaxtonError(error) && error.code === known)
      if (legs.count === 0 || code === undefined) throw error
      legs.miss()
      wait.take(this.#failure(frame, code), FRAME_FLAGS.platform)
      return undefined
    }
  }

  /** `kept` rejects when the message could not be kept. What comes before that is known is heard already. */
  async #await (waiting: Omit<Waiting, 'finish'>, patience: Patience, kept: Promise<unknown>): Promise<void> {
    const { legs, wait } = waiting
    const outcome = this.#outcome(waiting, patience)
    try {
      await kept
    } catch (error) {
      this.#waiting.get(legs.conversation)?.finish('gone')
      throw error
    }
    switch (await outcome) {
      case 'answered': return
      case 'late': throw AnswerTimeout({ name: legs.missing(wait.answers).join('", "'), milliseconds: patience.milliseconds })
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
        this.#waiting.delete(waiting.legs.conversation)
        resolve(how)
      }
      signal.addEventListener('abort', left)
      this.#waiting.set(waiting.legs.conversation, { ...waiting, finish })
    })
  }

  /** Whether nobody has anything to say any more in a conversation. */
  isOver (id: bigint): boolean {
    const conversation = this.parts.conversations.table.findId(id)
    return conversation === undefined || conversation.isOver
  }

  #lose (code: Undeliverable, lostOf: (legs: CallerLegs) => ReturnType<CallerLegs['lose']>): void {
    for (const { wait, legs, finish } of this.#waiting.values()) {
      const lost = lostOf(legs)
      for (const { frame } of lost) wait.take(this.#failure(frame, code), FRAME_FLAGS.platform)
      if (lost.length > 0 && (legs.count === 1 || wait.isOver)) finish('answered')
    }
  }

  /** What the platform answers in the place of the receiver of a frame. */
  #failure (frame: Uint8Array, code: Undeliverable): AclMessage {
    return this.#shown(answerTo(frame, { act: 'failure', code }))
  }

  #shown (frame: Uint8Array): AclMessage {
    return aclOf(frame, this.#nameOf)
  }

  readonly #nameOf = (handle: number): string | undefined => this.parts.directory.name(handle)
}
