import { FRAME } from '../contract/in-shard.js'
import { hasConversation, type ConversationChecks } from './conversations/conversation-checks.js'
import type { DispatchParts, FrameDispatch } from './frame-dispatch.js'
import { viewOf } from './frames/frame.js'
import { isFailure, wantsReceipt } from './frames/frame-flags.js'
import { answerTo, receiptFor, type PlatformAnswer, type ReceiptWord } from './platform-answers.js'
import type { MessageStamp } from './frames/message-stamp.js'
import type { PostObserver } from './post-observer.js'
import type { MessageSpans } from './tracing/message-spans.js'
import { UNDELIVERABLE, type Undeliverable } from './undeliverable.js'
import type { Illegal } from './conversations/verdict.js'

/** Why what is said out of turn reaches nobody. */
const OUT_OF_TURN: Undeliverable = 'CONVERSATION_UNKNOWN'

/** What sending for the platform works with. */
export interface PlatformPostParts extends DispatchParts {
  readonly stamp: MessageStamp
  readonly observer: PostObserver
  /** Notes messages of traces that are recorded. */
  readonly spans?: MessageSpans
}

/** Sends what the platform says in somebody's name: failures, refusals, receipts. One per thread. */
export class PlatformPost {
  constructor (
    private readonly parts: PlatformPostParts,
    private readonly dispatch: FrameDispatch,
    private readonly checks: ConversationChecks,
  ) {}

  /** Delivers a frame that the platform made, or keeps it as a dead letter. `steps`: it moves its conversation. */
  deliver (frame: Uint8Array, steps: boolean): void {
    const { routes, observer, place } = this.parts
    const view = viewOf(frame)
    const receiver = view.getUint32(FRAME.receiver, true)
    const isCurrent = routes.isCurrent(receiver, view.getUint32(FRAME.receiverGeneration, true))
    if (steps && isCurrent && routes.place(receiver) === place) this.checks.incoming(view, 0, receiver)
    const refusal = this.send(frame)
    if (refusal !== undefined) observer.deadLetter(frame, 0, frame.length, refusal)
  }

  /** Answers a frame in the name of its receiver. `steps`: the answer moves its conversation. */
  answer (frame: Uint8Array, answer: PlatformAnswer, steps: boolean): void {
    this.deliver(answerTo(frame, answer), steps)
  }

  /** Tells the sender of a frame, if it wants to know, that it is on disk, or that its receiver has handled it. */
  confirm (bytes: Uint8Array, view: DataView, at: number, length: number, word: ReceiptWord): void {
    if (wantsReceipt(view, at)) this.deliver(receiptFor(bytes.subarray(at, at + length), word), false)
  }

  /** Tells the sender of a frame that it came before: that it is on disk, and that the conversation that it began besides is over. */
  duplicate (frame: Uint8Array, first: bigint): void {
    const view = viewOf(frame)
    this.parts.stamp.continueTrace(view, 0)
    this.confirm(frame, view, 0, frame.length, 'accepted')
    const isBegunAgain = hasConversation(view, 0) && view.getBigUint64(FRAME.conversation, true) !== first
    if (isBegunAgain) this.answer(frame, { act: 'failure', code: 'MESSAGE_DUPLICATE' }, true)
  }

  /** Whoever speaks out of turn is told, and the conversation stays as it was. The frame is not used any more. */
  refuse (frame: Uint8Array, verdict: Illegal): void {
    const view = viewOf(frame)
    const { observer } = this.parts
    observer.deadLetter(frame, 0, frame.length, OUT_OF_TURN)
    if (observer.watching) observer.watch(frame, 0, frame.length, UNDELIVERABLE.indexOf(OUT_OF_TURN))
    this.parts.stamp.continueTrace(view, 0)
    if ('answer' in verdict) {
      const { says, code, reason } = verdict.answer
      this.answer(frame, { act: says, code, reason }, false)
      return
    }
    // Without the conversation, of which this answer is no part.
    view.setBigUint64(FRAME.conversation, 0n, true)
    this.answer(frame, { act: 'not-understood', code: 'ACT_NOT_LEGAL', state: verdict.state, acts: verdict.acts }, false)
  }

  /** Sends a whole frame as it is, with sender and flags; answers why it was not taken, if so. Its conversation is not asked. */
  send (frame: Uint8Array): Undeliverable | undefined {
    const { parts: { routes, observer, stamp, spans }, dispatch } = this
    const view = viewOf(frame)
    const receiver = view.getUint32(FRAME.receiver, true)
    if (!routes.isCurrent(receiver, view.getUint32(FRAME.receiverGeneration, true))) return 'AGENT_NOT_FOUND'
    const refusal = view.getUint8(FRAME.delivery) === 0
      ? dispatch.reserve(receiver, frame.length, hasConversation(view, 0), isFailure(view, 0), 0)
      : dispatch.reserveToKeep(receiver, frame.length, 0)
    if (refusal !== undefined) return refusal
    dispatch.write(frame, view, 0, frame.length)
    const sender = view.getUint32(FRAME.sender, true)
    const generation = view.getUint32(FRAME.senderGeneration, true)
    stamp.stamp(dispatch.view, dispatch.at, sender, generation, view.getUint8(FRAME.flags))
    if (stamp.current.sampled !== 0) spans?.sent(dispatch.bytes, dispatch.view, dispatch.at, frame.length)
    dispatch.handOver(frame.length, observer)
    return undefined
  }
}
