import { FRAME, TOOL_ONTOLOGY, FRAME_FLAGS, type Act, type Logger, type ToolResult, type Tools } from '../../contract/index.js'
import type { DurableDelivery } from '../durable/durable-delivery.js'
import type { DurableIntake } from '../durable/durable-intake.js'
import { decodeFrame, encodeFrame, viewOf, type Address, type ReadFrame } from '../frames/frame.js'
import { messageIdText } from '../frames/message-id.js'
import type { MessageStamp } from '../frames/message-stamp.js'
import { matchesName } from '../../contract/index.js'
import type { Post } from '../post.js'
import { answerContent, failed, readArguments } from './call-content.js'

/** Most calls of all agents that are under way at once. */
const UNDER_WAY = 4_096
const LONGEST_KEY = 256
/** Of a durable message: answered for good. */
const ANSWERED = -2

/** What a caller may, as the main thread knows it. */
export interface CallingAgent {
  readonly name: string
  /** Patterns of the tools that it may call, one of which is enough; undefined: every tool. */
  readonly mayCall: readonly string[] | undefined
  /** Bytes of the largest message that it takes. */
  readonly messageBytes: number
}

/** What {@link ToolDesk} works with. */
export interface ToolDeskParts {
  readonly tools: Tools
  readonly post: Pick<Post, 'platform'>
  readonly stamp: MessageStamp
  readonly intake: DurableIntake
  readonly delivery: Pick<DurableDelivery, 'settle'>
  /** The agent of this node with this address, if it may call tools at all. */
  readonly caller: (address: Address) => CallingAgent | undefined
  /** Its own. */
  readonly address: Address
  /** Most calls of one agent that are under way at once. */
  readonly callsOfOne: number
  readonly log: Logger
}

/** A call that is under way. */
interface UnderWay {
  readonly sender: Address
  readonly label: string | undefined
  readonly abort: AbortController
}

/**
 * Takes what agents want of tools, and brings them the answers: an `inform` or a `failure` with the call's `reply-with` as its
 * `in-reply-to`, by the platform. A call that was kept is settled when its answer is kept. Main thread only.
 */
export class ToolDesk {
  readonly #underWay = new Map<ReadFrame, UnderWay>()
  #isClosed = false
  /** Calls that were refused for a missing permission. */
  denied = 0

  constructor (private readonly parts: ToolDeskParts) {}

  get address (): Address {
    return this.parts.address
  }

  get underWay (): number {
    return this.#underWay.size
  }

  /** A frame came. Never throws, and never waits. */
  receive (frame: Uint8Array): void {
    if (this.#isClosed) return
    const call = decodeFrame(frame)
    if (call.act === 'cancel') {
      this.#withdraw(call)
      this.#settle(frame, call)
      return
    }
    // What comes back to it, and what others say to it, is no call.
    if (call.act !== 'request' || (call.flags & FRAME_FLAGS.platform) !== 0) {
      this.#settle(frame, call)
      return
    }
    this.#take(frame, call).catch((error: unknown) => {
      this.parts.log.error('a call of a tool could not be answered', { tool: call.fields.to ?? '', cause: String(error) })
    })
  }

  /** An agent is gone for good: nobody waits for its calls. */
  forget (handle: number): void {
    for (const { sender, abort } of this.#underWay.values()) if (sender.handle === handle) abort.abort()
  }

  /** Ends everything that is under way. Calls that are kept are made again, under the same key, at the next start. */
  close (): void {
    this.#isClosed = true
    for (const { abort } of this.#underWay.values()) abort.abort()
  }

  async #take (frame: Uint8Array, call: ReadFrame): Promise<void> {
    const caller = this.parts.caller(call.sender)
    const result = caller === undefined ? this.#deny('the agent may not call tools') : await this.#carryOut(call, caller)
    if (this.#isClosed) return
    await this.#answer(frame, call, result, caller?.messageBytes ?? FRAME.headerBytes)
  }

  async #carryOut (call: ReadFrame, caller: CallingAgent): Promise<ToolResult> {
    const tool = call.fields.to ?? ''
    if (caller.mayCall?.some(pattern => matchesName(pattern, tool)) === false) {
      return this.#deny(`the agent was not permitted to call "${tool}" when it was deployed`)
    }
    if (this.#underWay.size >= UNDER_WAY || this.#countOf(call.sender) >= this.parts.callsOfOne) {
      const most = `${this.parts.callsOfOne} calls of an agent, and ${UNDER_WAY} of all agents`
      return failed('TOOL_BUSY', `at most ${most}, may be under way at once`)
    }
    const given = readArguments(call.content, call.fields.mediaType)
    if (typeof given === 'string') return failed('TOOL_ARGUMENTS_INVALID', given)
    const key = keyOf(call)
    if (key.length > LONGEST_KEY) return failed('TOOL_ARGUMENTS_INVALID', `the delivery key has more than ${LONGEST_KEY} characters`)
    const abort = new AbortController()
    this.#underWay.set(call, { sender: call.sender, label: call.fields.replyWith, abort })
    try {
      return await this.parts.tools.call({
        tool, arguments: given, caller: { agent: caller.name }, key, deadline: call.deadline,
        trace: { traceId: call.traceId, spanId: call.spanId, sampled: call.sampled },
      }, abort.signal)
    } finally {
      this.#underWay.delete(call)
    }
  }

  #deny (reason: string): ToolResult {
    this.denied += 1
    return failed('TOOL_NOT_GRANTED', reason)
  }

  #countOf ({ handle }: Address): number {
    let count = 0
    for (const { sender } of this.#underWay.values()) if (sender.handle === handle) count += 1
    return count
  }

  #withdraw ({ sender, fields: { inReplyTo } }: ReadFrame): void {
    for (const call of this.#underWay.values()) {
      if (call.sender.handle === sender.handle && call.label !== undefined && call.label === inReplyTo) call.abort.abort()
    }
  }

  async #answer (frame: Uint8Array, call: ReadFrame, result: ToolResult, room: number): Promise<void> {
    const { stamp, intake, post } = this.parts
    let answer = this.#answerFrame(call, result)
    if (answer.length > room) {
      const reason = `the answer has ${answer.length} bytes, and the agent takes messages of at most ${room}`
      answer = this.#answerFrame(call, failed('TOOL_RESULT_TOO_LARGE', reason))
    }
    stamp.continueTrace(viewOf(frame), 0)
    await Promise.all(intake.watch(() => post.platform.deliver(answer, false)).taken)
    this.#settle(frame, call)
  }

  #answerFrame (call: ReadFrame, result: ToolResult): Uint8Array {
    const { conversationId, replyWith, to } = call.fields
    const act: Act = result.ok ? 'inform' : 'failure'
    return encodeFrame({
      act, receiver: call.sender, sender: this.parts.address, priority: call.priority, delivery: Math.min(call.delivery, 1),
      flags: FRAME_FLAGS.platform,
      fields: {
        ontology: TOOL_ONTOLOGY,
        ...conversationId === undefined ? {} : { conversationId }, ...replyWith === undefined ? {} : { inReplyTo: replyWith },
        ...call.delivery === 0 ? {} : { deliveryKey: `answer ${keyOf(call)}` },
        user: { 'X-Tool': to ?? '' },
      },
      content: answerContent(result),
    })
  }

  #settle (frame: Uint8Array, call: ReadFrame): void {
    if (call.delivery !== 0) this.parts.delivery.settle(viewOf(frame).getUint32(FRAME.sequence, true), ANSWERED)
  }
}

/** The idempotency key: the agent's own, or the one that it gets for what may come again; else the call's own id. */
function keyOf (call: ReadFrame): string {
  const { deliveryKey = '' } = call.fields
  return deliveryKey === '' ? messageIdText(call) : deliveryKey
}
