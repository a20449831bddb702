import { FRAME } from '../contract/index.js'
import { hasConversation, type ConversationChecks } from './conversation-checks.js'
import type { DispatchParts, FrameDispatch } from './frame-dispatch.js'
import { isFailure } from './frame-flags.js'
import type { MessageStamp } from './message-stamp.js'
import type { PostObserver } from './post-observer.js'
import type { Undeliverable } from './undeliverable.js'

/** What sending for the platform works with. */
export interface PlatformPostParts extends DispatchParts {
  readonly stamp: MessageStamp
  readonly observer: PostObserver
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

  /** Sends a whole frame as it is, with sender and flags; answers why it was not taken, if so. Its conversation is not asked. */
  send (frame: Uint8Array): Undeliverable | undefined {
    const { parts: { routes, observer, stamp }, dispatch } = this
    const view = viewOf(frame)
    const receiver = view.getUint32(FRAME.receiver, true)
    if (!routes.isCurrent(receiver, view.getUint32(FRAME.receiverGeneration, true))) return 'AGENT_NOT_FOUND'
    const refusal = dispatch.reserve(receiver, frame.length, hasConversation(view, 0), isFailure(view, 0), 0)
    if (refusal !== undefined) return refusal
    dispatch.write(frame, 0, frame.length)
    const sender = view.getUint32(FRAME.sender, true)
    const generation = view.getUint32(FRAME.senderGeneration, true)
    stamp.stamp(dispatch.view, dispatch.at, sender, generation, view.getUint8(FRAME.flags))
    dispatch.handOver(frame.length, observer)
    return undefined
  }
}

const viewOf = (frame: Uint8Array): DataView => new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
