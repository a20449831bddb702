import { FRAME, HOST_RESULTS, type AclMessage, type Clock, type TraceContext } from '../contract/index.js'
import { aclOf, conversationText, draftOf, messageIdText } from './acl-message.js'
import type { Conversations } from './conversations.js'
import type { Directory } from './directory.js'
import { decodeFrame, encodeFrame, type Address } from './frame.js'
import type { MessageStamp } from './message-stamp.js'
import type { LocalReceivers, Post } from './post.js'
import { CALLER_HANDLE, CONDITION, type RouteTable } from './route-table.js'
import { ActNotLegal, AgentNotFound, AgentNotRunning, AnswerTimeout, MailboxFull, MessageInvalid, MessageTooLarge, TooManyCallers } from './routing-errors.js'
import type { Undeliverable } from './undeliverable.js'

/** Most calls that wait for answers at once, and most answers one call gathers. */
const WAITING = 10_000
const ANSWERS = 1_000

/** What became of a message that a caller sent. */
export interface Sent {
  readonly messageId: string
  readonly conversationId: string
  readonly answers: readonly AclMessage[]
}

/** How long a caller waits, and what ends it early. */
export interface Patience {
  readonly milliseconds: number
  readonly signal: AbortSignal
}

interface Waiting {
  readonly answers: AclMessage[]
  readonly isOver: () => boolean
  readonly done: () => void
}

/** The frames that wait in main's inbox for callers; given to the post as its local receivers. */
export class CallerInbox implements LocalReceivers {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 0

  /** Called with each frame for a caller, which it may keep. */
  receive: (frame: Uint8Array) => void = () => {}

  reserve (handle: number, length: number, _isFailure: boolean): Undeliverable | undefined {
    if (handle !== CALLER_HANDLE) return 'AGENT_NOT_FOUND'
    this.bytes = new Uint8Array(length)
    this.view = new DataView(this.bytes.buffer)
    return undefined
  }

  commit (): void {
    this.receive(this.bytes)
  }
}

/** Sends messages for callers of the operations, who are no agents, and brings them the answers. Main thread only. */
export class Callers {
  readonly #waiting = new Map<bigint, Waiting>()

  /** Answers that came when nobody waited for them. */
  unclaimed = 0

  constructor (
    private readonly post: Post,
    private readonly inbox: CallerInbox,
    private readonly conversations: Conversations,
    private readonly directory: Directory,
    private readonly routes: RouteTable,
    private readonly stamp: MessageStamp,
    private readonly clock: Clock,
    private readonly largestMessage: number,
  ) {}

  /** Begins to take answers. */
  open (): void {
    this.inbox.receive = frame => this.#receive(frame)
  }

  /**
   * Sends a message, and with `patience` waits for the answer that ends the conversation. A message without a protocol is over with
   * the first answer other than `agree`. Errors: those of routing-errors.
   */
  async send (message: AclMessage, trace: TraceContext, patience: Patience | undefined): Promise<Sent> {
    const draft = draftOf(message)
    if (message.receiver === '') throw MessageInvalid({ parameter: 'receiver', problem: 'it is missing' })
    const receiver = this.directory.address(message.receiver)
    if (receiver === undefined) throw AgentNotFound({ name: message.receiver })
    if (patience !== undefined && this.#waiting.size >= WAITING) throw TooManyCallers({ limit: WAITING })
    const isFree = draft.fields.protocol === undefined
    const free = isFree && patience !== undefined ? this.conversations.open(undefined, CALLER_HANDLE, this.clock.now()) : undefined
    const frame = encodeFrame({ ...draft, receiver, sender: this.directory.caller, conversation: free?.id ?? 0n })
    this.stamp.adoptTrace(trace.traceId, trace.sampled)
    try {
      this.#dispatch(frame, message, receiver)
      const { epoch, counter, conversation } = decodeFrame(frame)
      const answers = patience === undefined ? [] : await this.#answers(conversation, message, isFree, patience)
      const conversationId = message.conversationId === '' ? conversationText(conversation) : message.conversationId
      return { messageId: messageIdText({ epoch, counter }), conversationId, answers }
    } finally {
      if (free !== undefined) this.conversations.close(free.id)
    }
  }

  #dispatch (frame: Uint8Array, message: AclMessage, receiver: Address): void {
    if (frame.length > this.largestMessage) throw MessageTooLarge({ bytes: frame.length, limit: this.largestMessage })
    const { caller } = this.directory
    const result = this.post.send(frame, new DataView(frame.buffer), 0, frame.length, caller.handle, caller.generation)
    const name = message.receiver
    switch (result) {
      case HOST_RESULTS.ok: return
      case HOST_RESULTS.full: throw MailboxFull({ name })
      case HOST_RESULTS.tooLarge: throw MessageTooLarge({ bytes: frame.length, limit: this.largestMessage })
      case HOST_RESULTS.malformed: throw ActNotLegal({ performative: message.performative, protocol: message.protocol })
      default: throw this.routes.condition(receiver.handle) === CONDITION.free ? AgentNotFound({ name }) : AgentNotRunning({ name })
    }
  }

  async #answers (id: bigint, message: AclMessage, isFree: boolean, patience: Patience): Promise<readonly AclMessage[]> {
    const answers: AclMessage[] = []
    const outcome = await new Promise<'answered' | 'late' | 'gone'>(resolve => {
      const isOver = (): boolean => answers.length >= ANSWERS ||
        (isFree ? answers.at(-1)?.performative !== 'agree' : this.#isOver(id))
      const timer = this.clock.after(patience.milliseconds, () => finish('late'))
      const left = (): void => finish('gone')
      const finish = (how: 'answered' | 'late' | 'gone'): void => {
        timer.cancel()
        patience.signal.removeEventListener('abort', left)
        this.#waiting.delete(id)
        resolve(how)
      }
      patience.signal.addEventListener('abort', left)
      this.#waiting.set(id, { answers, isOver, done: () => finish('answered') })
    })
    if (outcome === 'answered') return answers
    throw AnswerTimeout({ name: message.receiver, milliseconds: patience.milliseconds })
  }

  #isOver (id: bigint): boolean {
    const conversation = this.conversations.find(id)
    return conversation === undefined || this.conversations.isOver(conversation)
  }

  #receive (frame: Uint8Array): void {
    const id = new DataView(frame.buffer).getBigUint64(FRAME.conversation, true)
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) {
      this.unclaimed += 1
      return
    }
    waiting.answers.push(aclOf(frame, handle => this.directory.name(handle)))
    if (waiting.isOver()) waiting.done()
  }
}
