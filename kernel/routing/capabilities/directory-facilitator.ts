import { FRAME_FLAGS, type Act, type Clock } from '../../contract/index.js'
import { decodeFrame, type Address, type ReadFrame } from '../frames/frame.js'
import type { MessageStamp } from '../frames/message-stamp.js'
import type { Post } from '../post.js'
import type { CapabilityRegistry } from './capability-registry.js'
import { answerFrame, askedBy, foundContent } from './directory-answers.js'
import { ContentMalformed, readSearch } from './directory-search.js'
import { DirectorySubscriptions } from './directory-subscriptions.js'

/** Name of the directory facilitator (FIPA SC00023K). */
export const FACILITATOR_NAME = 'df'

/** What a message may ask, and the protocol in which it may. Without a protocol it may always. */
const PROTOCOLS: Readonly<Partial<Record<Act, string>>> = {
  'request': 'fipa-request', 'query-ref': 'fipa-query', 'subscribe': 'fipa-subscribe', 'cancel': 'fipa-subscribe',
}
/** Reasons for which somebody did not get an answer, and may get the next. */
const PASSING = ['MAILBOX_FULL', 'SHARD_BUSY']

/** What {@link DirectoryFacilitator} works with. */
export interface FacilitatorParts {
  readonly post: Post
  readonly stamp: MessageStamp
  readonly clock: Clock
  readonly capabilities: CapabilityRegistry
  /** Its own. */
  readonly address: Address
  /** Bytes of the largest message that somebody takes. */
  readonly roomOf: (handle: number) => number
}

/**
 * Tells agents and callers who offers what: at once to a `request` or `query-ref`, and from now on to a `subscribe`. The
 * content is JSON: see docs/messages.md. Main thread only.
 */
export class DirectoryFacilitator {
  readonly subscriptions: DirectorySubscriptions

  constructor (private readonly parts: FacilitatorParts) {
    const { capabilities, clock, roomOf } = parts
    this.subscriptions = new DirectorySubscriptions({ capabilities, clock, roomOf, send: frame => this.#send(frame) })
  }

  get address (): Address {
    return this.parts.address
  }

  receive (frame: Uint8Array): void {
    const message = decodeFrame(frame)
    this.parts.stamp.continueTrace(new DataView(frame.buffer, frame.byteOffset), 0)
    if (message.act === 'failure' || message.act === 'not-understood') {
      this.#undelivered(message)
      return
    }
    try {
      this.#understand(message)
    } catch (error) {
      if (!(error instanceof ContentMalformed)) throw error
      this.#answer(message, 'not-understood', { reason: error.message })
    }
  }

  #understand (message: ReadFrame): void {
    const { act, fields: { protocol } } = message
    const expected = PROTOCOLS[act]
    if (expected === undefined) {
      throw new ContentMalformed(`df understands ${Object.keys(PROTOCOLS).join(', ')}, and not ${act}`)
    }
    if (protocol !== undefined && protocol !== expected && !(act === 'cancel')) {
      throw new ContentMalformed(`${act} belongs to the protocol ${expected}`)
    }
    if (act === 'subscribe') this.#subscribe(message)
    else if (act === 'cancel') this.#cancel(message)
    else this.#search(message)
  }

  #search (message: ReadFrame): void {
    const { wanted, limit } = readSearch(message.content)
    this.#answer(message, 'inform', foundContent(this.parts.capabilities.search(wanted), limit, this.parts.roomOf(message.sender.handle)))
  }

  #subscribe (message: ReadFrame): void {
    const search = readSearch(message.content)
    const key = keyOf(message)
    const refusal = this.subscriptions.refusal(key, message.sender.handle)
    if (refusal !== undefined) {
      this.#answer(message, 'refuse', { reason: refusal })
      return
    }
    this.#answer(message, 'agree', {})
    this.subscriptions.add(key, message.sender.handle, askedBy(message), search)
  }

  #cancel (message: ReadFrame): void {
    if (this.subscriptions.remove(keyOf(message))) this.#answer(message, 'inform', { cancelled: true })
    else this.#answer(message, 'failure', { reason: 'there is no subscription in this conversation' })
  }

  /** Somebody did not get an answer, or does not want it. */
  #undelivered (message: ReadFrame): void {
    const isPassing = (message.flags & FRAME_FLAGS.platform) !== 0 && PASSING.includes(codeOf(message.content))
    if (isPassing) this.subscriptions.fellBehind(keyOf(message))
    else this.subscriptions.remove(keyOf(message))
  }

  #answer (message: ReadFrame, act: Act, content: object): void {
    this.#send(answerFrame(askedBy(message), act, content))
  }

  #send (frame: Uint8Array): number {
    const { post, address: { handle, generation } } = this.parts
    return post.send(frame, new DataView(frame.buffer), 0, frame.length, handle, generation)
  }
}

/** A subscription is known by its conversation, or without one by the text that its subscriber chose. */
function keyOf ({ sender, conversation, fields: { conversationId = '' } }: ReadFrame): string {
  return conversation === 0n ? `${sender.handle} ${sender.generation} ${conversationId}` : conversation.toString()
}

function codeOf (content: Uint8Array): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(content).toString())
    return typeof parsed === 'object' && parsed !== null && 'code' in parsed ? String(parsed.code) : ''
  } catch {
    return ''
  }
}
