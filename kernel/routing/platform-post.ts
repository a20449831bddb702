import { FRAME } from '../contract/index.js'
import { hasConversation, type ConversationChecks } from './conversation-checks.js'
import type { DispatchParts, FrameDispatch } from './frame-dispatch.js'
import { isFailure } from './frame-flags.js'
import type { MessageStamp } from './message-stamp.js'
import type { PostObserver } from './post-observer.js'

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
    const { parts: { routes, observer, place, stamp }, dispatch } = this
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
    const receiver = view.getUint32(FRAME.receiver, true)
    const isCurrent = routes.isCurrent(receiver, view.getUint32(FRAME.receiverGeneration, true))
    const refusal = isCurrent
      ? dispatch.reserve(receiver, frame.length, hasConversation(view, 0), isFailure(view, 0), 0)
      : 'AGENT_NOT_FOUND'
    if (steps && isCurrent && routes.place(receiver) === place) this.checks.incoming(view, 0, receiver)
    if (refusal !== undefined) {
      observer.deadLetter(frame, 0, frame.length, refusal)
      return
    }
    dispatch.write(frame, 0, frame.length)
    const sender = view.getUint32(FRAME.sender, true)
    const generation = view.getUint32(FRAME.senderGeneration, true)
    stamp.stamp(dispatch.view, dispatch.at, sender, generation, view.getUint8(FRAME.flags))
    dispatch.handOver(frame.length, observer)
  }
}
