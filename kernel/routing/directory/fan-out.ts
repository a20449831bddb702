import { FRAME, HOST_RESULTS } from '../../contract/in-shard.js'
import type { AddressList } from './address-list.js'
import { CROWDED, hasConversation, type ConversationChecks } from '../conversations/conversation-checks.js'
import { senderFlags } from '../frames/frame-flags.js'
import type { MessageStamp } from '../frames/message-stamp.js'
import type { Undeliverable } from '../undeliverable.js'
import type { Illegal, Verdict } from '../conversations/verdict.js'

/** How one copy of a message goes its way. */
export interface CopyRoutes {
  /** Asks its conversation. */
  check (view: DataView, at: number, sender: number, receiver: number): Verdict
  /** Hands a copy over, or says why that can't be. */
  deliver (
    bytes: Uint8Array, view: DataView, at: number, length: number, sender: number, generation: number, receiver: number,
    receiverGeneration: number, isContinued: boolean,
  ): Undeliverable | undefined
  /** Tells the sender that its act is out of turn, or too late, in the branch of one receiver. */
  refuse (frame: Uint8Array, verdict: Illegal): void
  /** Returns a copy that could not be delivered. */
  bounce (bytes: Uint8Array, view: DataView, at: number, length: number, reason: Undeliverable): void
}

/** Sends one message to many: each of them gets a copy, in a branch of its own of one conversation. */
export class FanOut {
  constructor (
    private readonly checks: ConversationChecks, private readonly stamp: MessageStamp, private readonly routes: CopyRoutes,
  ) {}

  /**
   * Answers 0 or a code of `HOST_RESULTS`. What can't be delivered comes back as a failure once all have their branches:
   * before that the conversation would be over with the first.
   */
  send (
    bytes: Uint8Array, view: DataView, at: number, length: number, sender: number, generation: number, list: AddressList,
  ): number {
    const isContinued = hasConversation(view, at)
    let undelivered: Array<readonly [frame: Uint8Array, reason: Undeliverable]> | undefined
    let legal = 0
    for (let index = 0; index < list.count; index++) {
      const receiver = list.handles[index] ?? 0
      const receiverGeneration = list.generations[index] ?? 0
      const verdict = this.routes.check(view, at, sender, receiver)
      if (verdict === CROWDED) return HOST_RESULTS.quota
      if (!verdict.legal) {
        this.routes.refuse(this.addressed(bytes.slice(at, at + length), sender, generation, receiver, receiverGeneration), verdict)
        // Nobody else would be told anything different.
        if (legal === 0 && !isContinued) return HOST_RESULTS.malformed
        continue
      }
      legal += 1
      // The copies after this one belong to the conversation that it began.
      this.checks.nameOpened(view, at)
      const refusal = this.routes.deliver(bytes, view, at, length, sender, generation, receiver, receiverGeneration, isContinued)
      if (refusal === undefined) continue
      const frame = this.addressed(bytes.slice(at, at + length), sender, generation, receiver, receiverGeneration)
      // It was never on its way to being kept.
      frame[FRAME.delivery] = 0
      undelivered ??= []
      undelivered.push([frame, refusal])
    }
    for (const [frame, reason] of undelivered ?? []) this.routes.bounce(frame, new DataView(frame.buffer), 0, length, reason)
    return legal === 0 && list.count > 0 ? HOST_RESULTS.malformed : HOST_RESULTS.ok
  }

  /** A frame that will not be handed over, as its receiver would have got it. */
  addressed (frame: Uint8Array, sender: number, generation: number, receiver: number, receiverGeneration: number): Uint8Array {
    const view = new DataView(frame.buffer)
    view.setUint32(FRAME.receiver, receiver, true)
    view.setUint32(FRAME.receiverGeneration, receiverGeneration, true)
    this.stamp.stamp(view, 0, sender, generation, senderFlags(view, 0))
    return frame
  }
}
