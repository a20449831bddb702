import { FRAME, HOST_RESULTS } from '../../contract/in-shard.js'
import type { AddressList } from './address-list.js'
import { CROWDED, hasConversation, type ConversationChecks } from '../conversations/conversation-checks.js'
import { senderFlags } from '../frames/frame-flags.js'
import { copyIdentity, type MessageStamp } from '../frames/message-stamp.js'
import type { Barred } from '../permissions/message-policy.js'
import type { Undeliverable } from '../undeliverable.js'
import type { Illegal, Verdict } from '../conversations/verdict.js'

/** How one copy of a message goes its way. */
export interface CopyRoutes {
  /** Why a copy may not go, if so. */
  bars (view: DataView, at: number, sender: number, receiver: number): Barred | undefined
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
    let barred = 0
    for (let index = 0; index < list.count; index++) {
      const receiver = list.handles[index] ?? 0
      const receiverGeneration = list.generations[index] ?? 0
      const bar = this.routes.bars(view, at, sender, receiver)
      if (bar !== undefined) {
        barred += 1
        undelivered ??= []
        const copy = bytes.slice(at, at + length)
        // It begins no conversation, and has no part in the one that others of them begin.
        if (!isContinued) copy.fill(0, FRAME.conversation, FRAME.deadline)
        undelivered.push([this.returned(copy, sender, generation, receiver, receiverGeneration), bar])
        continue
      }
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
      const frame = this.returned(bytes.slice(at, at + length), sender, generation, receiver, receiverGeneration)
      undelivered ??= []
      undelivered.push([frame, refusal])
    }
    for (const [frame, reason] of undelivered ?? []) this.routes.bounce(frame, new DataView(frame.buffer), 0, length, reason)
    return legal === 0 && barred === 0 && list.count > 0 ? HOST_RESULTS.malformed : HOST_RESULTS.ok
  }

  /** The same for one that comes back: it was never on its way to being kept. */
  returned (frame: Uint8Array, sender: number, generation: number, receiver: number, receiverGeneration: number): Uint8Array {
    frame[FRAME.delivery] = 0
    return this.addressed(frame, sender, generation, receiver, receiverGeneration)
  }

  /** Does not let the one copy of a message go. Answers 0 when it comes back as a failure, else a code of `HOST_RESULTS`. */
  turnBack (
    bytes: Uint8Array, view: DataView, at: number, length: number, sender: number, generation: number, receiver: number,
    receiverGeneration: number, reason: Barred,
  ): number {
    if (reason === 'MESSAGE_RATE_EXCEEDED') return HOST_RESULTS.quota
    const frame = this.returned(bytes.slice(at, at + length), sender, generation, receiver, receiverGeneration)
    const written = new DataView(frame.buffer)
    copyIdentity(written, 0, view, at)
    this.routes.bounce(frame, written, 0, length, reason)
    return HOST_RESULTS.ok
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
