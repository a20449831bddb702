import { FRAME, HOST_RESULTS } from '../contract/in-shard.js'
import { ConversationChecks, CROWDED, hasConversation } from './conversations/conversation-checks.js'
import { ConversationVoice } from './conversations/conversation-voice.js'
import { FanOut } from './directory/fan-out.js'
import { frameFault, viewOf } from './frames/frame.js'
import { DeliveryWays } from './delivery-ways.js'
import { HeldPost } from './held-post.js'
import {
  canExpire, expiryOf, isChecked, isFailure, isPlatform, isRedelivered, isShadow, senderFlags, setChecked,
} from './frames/frame-flags.js'
import { FrameDispatch } from './frame-dispatch.js'
import { copyIdentity } from './frames/message-stamp.js'
import { PlatformPost } from './platform-post.js'
import type { PostParts } from './post-parts.js'
import type { MessagePolicy } from './permissions/message-policy.js'
import type { Reach } from './permissions/reach.js'
import type { Recipients } from './directory/recipients.js'
import { sendResult } from './send-results.js'
import { UNDELIVERABLE, type Undeliverable } from './undeliverable.js'
import { VersionChoice } from './directory/version-choice.js'
import { LEGAL, type Verdict } from './conversations/verdict.js'

/**
 * Takes frames from this thread's senders and from other threads, checks each against its conversation, and brings it
 * to its receiver. What can't be delivered comes back as a failure. One per thread.
 */
export class Post {
  readonly #dispatch: FrameDispatch
  readonly #checks: ConversationChecks
  readonly #versions: VersionChoice
  readonly #ways: DeliveryWays
  readonly #fanOut: FanOut
  /** Says what the platform has to say. */
  readonly platform: PlatformPost
  /** For senders whose messages wait until it is clear that they may go. */
  readonly held: HeldPost
  /** Who may write to whom; undefined: whoever has the permission, to everybody. Of those in the main thread it is not asked. */
  policy: MessagePolicy | undefined
  /** Speaks for the ends of this thread's conversations. */
  readonly voice: ConversationVoice

  constructor (private readonly parts: PostParts) {
    this.#dispatch = new FrameDispatch(parts)
    this.#checks = new ConversationChecks(parts.place, parts.conversations, parts.lately ?? parts.now)
    this.#versions = new VersionChoice({
      place: parts.place, names: parts.recipients.names, routes: parts.routes, conversations: parts.conversations,
    })
    parts.recipients.versions = this.#versions
    this.platform = new PlatformPost(parts, this.#dispatch, this.#checks)
    this.#ways = new DeliveryWays(parts, this.#dispatch)
    this.#fanOut = new FanOut(this.#checks, parts.stamp, {
      bars: (view, at, sender, receiver) => this.policy?.bars(view, at, sender, receiver),
      check: (view, at, sender, receiver) => this.#check(view, at, sender, receiver, this.#ways.modeOf(view, at, receiver)),
      deliver: (bytes, view, at, length, sender, generation, receiver, receiverGeneration, isContinued) => {
        const mode = this.#ways.modeOf(view, at, receiver)
        const refusal = this.#ways.reserve(receiver, length, isContinued, mode, sender)
        if (refusal === undefined) this.#transfer(bytes, view, at, length, sender, generation, receiver, receiverGeneration, mode)
        return refusal
      },
      refuse: (frame, verdict) => this.platform.refuse(frame, verdict),
      bounce: (bytes, view, at, length, reason) => this.bounce(bytes, view, at, length, reason),
    })
    this.held = new HeldPost(parts, this.#checks, this.#ways, this, this.platform)
    this.voice = new ConversationVoice({
      conversations: parts.conversations, routes: parts.routes, stamp: parts.stamp, now: parts.now,
      deliver: frame => this.platform.deliver(frame, false),
    })
  }

  /**
   * Sends the frame at `bytes[at, at + length)` for a local sender, who finds message id and conversation handle in it
   * afterwards; nothing else of it is changed. Answers 0 or a code of `HOST_RESULTS`; the sender of an act that is
   * illegal in its conversation also gets a `not-understood`, or what the protocol says to an act that came too late.
   * `reach`: to whom it may write, unless it is everybody.
   */
  send (
    bytes: Uint8Array, view: DataView, at: number, length: number, sender: number, generation: number, reach?: Reach,
  ): number {
    if (frameFault(bytes, view, at, length) !== undefined) return HOST_RESULTS.malformed
    const { recipients } = this.parts
    const found = recipients.find(bytes, view, at, sender, reach)
    if (found !== HOST_RESULTS.ok) return found
    if (recipients.isMany) return this.#fanOut.send(bytes, view, at, length, sender, generation, recipients.list)
    const receiver = recipients.list.handles[0] ?? 0
    const receiverGeneration = recipients.list.generations[0] ?? 0
    const bar = this.policy?.bars(view, at, sender, receiver)
    if (bar !== undefined) return this.#fanOut.turnBack(bytes, view, at, length, sender, generation, receiver, receiverGeneration, bar)
    const mode = this.#ways.modeOf(view, at, receiver)
    const refusal = this.#ways.reserve(receiver, length, hasConversation(view, at), mode, sender)
    if (refusal !== undefined) return sendResult(refusal)
    const verdict = this.#check(view, at, sender, receiver, mode)
    if (verdict === CROWDED) return HOST_RESULTS.quota
    if (!verdict.legal) {
      const frame = this.#fanOut.addressed(bytes.slice(at, at + length), sender, generation, receiver, receiverGeneration)
      this.platform.refuse(frame, verdict)
      if (!('answer' in verdict)) return HOST_RESULTS.malformed
      copyIdentity(viewOf(frame), 0, view, at)
      return HOST_RESULTS.ok
    }
    this.#transfer(bytes, view, at, length, sender, generation, receiver, receiverGeneration, mode)
    return HOST_RESULTS.ok
  }

  /** To whom the latest frame was sent, and whether those were more than one may write to at once. */
  get recipients (): Recipients {
    return this.parts.recipients
  }

  /** Takes a frame from another thread. Throws when the record is no frame, which means that memory was damaged. */
  arrive (bytes: Uint8Array, view: DataView, at: number, length: number): void {
    if (frameFault(bytes, view, at, length) !== undefined) throw new RangeError(`a record of ${length} bytes is no frame`)
    const receiver = view.getUint32(at + FRAME.receiver, true)
    if (!this.parts.routes.isCurrent(receiver, view.getUint32(at + FRAME.receiverGeneration, true))) {
      this.bounce(bytes, view, at, length, 'AGENT_NOT_FOUND')
      return
    }
    if (this.hasExpired(view, at)) {
      this.bounce(bytes, view, at, length, 'MESSAGE_EXPIRED')
      return
    }
    const dispatch = this.#dispatch
    const speaksPlatform = isPlatform(view, at)
    const isToKeep = this.#ways.isToKeep(view, at, receiver)
    const reason = isToKeep ? dispatch.reserveToKeep(receiver, length, 0) : dispatch.reserveHere(receiver, length, isFailure(view, at))
    // Where a message is only kept, its conversation is not asked. What can't be queued takes no step, but what the platform reports has
    // happened in any case.
    const isAsked = !isToKeep && !isChecked(view, at) && (reason === undefined || speaksPlatform)
    const verdict = isAsked ? this.#checks.incoming(view, at, receiver) : LEGAL
    if (reason !== undefined) {
      this.bounce(bytes, view, at, length, reason)
      return
    }
    if (!verdict.legal && !speaksPlatform && !isRedelivered(view, at)) {
      if (this.parts.recipients.names.hasShared && this.#redirect(bytes, view, at, length, receiver)) return
      this.#ways.settle(view, at, undefined)
      this.platform.refuse(bytes.slice(at, at + length), verdict)
      return
    }
    dispatch.write(bytes, view, at, length)
    const { priority } = this.#checks
    if (priority >= 0 && isAsked) dispatch.view.setUint8(dispatch.at + FRAME.priority, priority)
    this.#dispatch.handOver(length, this.parts.observer)
  }

  /** An answer to the initiator that was addressed by name and came to its other version. */
  #redirect (bytes: Uint8Array, view: DataView, at: number, length: number, receiver: number): boolean {
    const initiator = this.#versions.initiatorBehind(view, at, receiver)
    if (initiator === undefined) return false
    view.setUint32(at + FRAME.receiver, initiator.handle, true)
    view.setUint32(at + FRAME.receiverGeneration, initiator.generation, true)
    this.arrive(bytes, view, at, length)
    return true
  }

  /** Brings a whole, stamped frame to its receiver, as it is. Answers why there is no way, if so. */
  forward (frame: Uint8Array): Undeliverable | undefined {
    const view = viewOf(frame)
    const dispatch = this.#dispatch
    const reason = dispatch.reserve(view.getUint32(FRAME.receiver, true), frame.length, hasConversation(view, 0), isFailure(view, 0), 0)
    if (reason !== undefined) return reason
    dispatch.write(frame, view, 0, frame.length)
    dispatch.handOver(frame.length, this.parts.observer)
    return undefined
  }

  /** Returns a frame that could not be delivered or handled: a failure to its sender, a dead letter in any case. */
  bounce (bytes: Uint8Array, view: DataView, at: number, length: number, reason: Undeliverable): void {
    // Nobody waits for what a shadow would have made of its copy.
    if (isShadow(view, at)) return
    if (this.#ways.settle(view, at, reason)) return
    const { observer, stamp } = this.parts
    observer.deadLetter(bytes, at, length, reason)
    if (observer.watching) observer.watch(bytes, at, length, UNDELIVERABLE.indexOf(reason))
    if (isPlatform(view, at)) return
    stamp.continueTrace(view, at)
    this.platform.answer(bytes.subarray(at, at + length), { act: 'failure', code: reason }, true)
  }

  /**
   * Sends a message that was made ready to be sent once more, in the name that it bears and within its old trace. Answers
   * why it was not taken, if so.
   */
  sendAnew (frame: Uint8Array): Undeliverable | undefined {
    this.parts.stamp.continueTrace(viewOf(frame), 0)
    return this.platform.send(frame)
  }

  /** Whether the time is over in which the frame was good for something. Reads the clock only if it can be. */
  hasExpired (view: DataView, at: number): boolean {
    return canExpire(view, at) && expiryOf(view, at) <= this.parts.now()
  }

  /** Ends the conversations that an agent opened, because it is gone, and tells their participants. */
  forget (initiator: number): void {
    this.parts.conversations.closeOf(initiator, this.parts.now(), this.voice.tellGone)
  }

  /** Wall-clock time at which {@link expire} has something to do, or Infinity. */
  get due (): number {
    return this.parts.conversations.due
  }

  /** Tells those whose answers did not come in time, and forgets conversations that were silent for too long. */
  expire (): void {
    this.parts.conversations.expire(this.parts.now(), this.voice.tellDeadline)
  }

  /** Asks a message's conversation; of a message that is held back, only whether it may begin one. */
  #check (view: DataView, at: number, sender: number, receiver: number, mode: number): Verdict {
    const { heldBack } = this.#ways
    if (heldBack === undefined) return this.#checks.outgoing(view, at, sender, receiver, mode)
    const verdict = this.#checks.held(view, at, sender, mode)
    const { opened } = this.#checks
    if (opened !== undefined) heldBack.began(opened.low >>> 0, opened.high)
    return verdict
  }

  /** Fills the room that was reserved, tells the sender what it became, and hands it over. */
  #transfer (
    bytes: Uint8Array, view: DataView, at: number, length: number, sender: number, generation: number, receiver: number,
    receiverGeneration: number, mode: number,
  ): void {
    const dispatch = this.#dispatch
    dispatch.write(bytes, view, at, length)
    dispatch.view.setUint32(dispatch.at + FRAME.receiver, receiver, true)
    dispatch.view.setUint32(dispatch.at + FRAME.receiverGeneration, receiverGeneration, true)
    const { stamp, spans } = this.parts
    stamp.stamp(dispatch.view, dispatch.at, sender, generation, senderFlags(view, at))
    dispatch.view.setUint8(dispatch.at + FRAME.delivery, mode)
    const { priority } = this.#checks
    if (priority >= 0) dispatch.view.setUint8(dispatch.at + FRAME.priority, priority)
    this.#checks.nameOpened(dispatch.view, dispatch.at)
    if (mode !== 0 && this.#checks.isChecked) setChecked(dispatch.view, dispatch.at)
    copyIdentity(dispatch.view, dispatch.at, view, at)
    if (stamp.current.sampled !== 0) spans?.sent(dispatch.bytes, dispatch.view, dispatch.at, length)
    dispatch.handOver(length, this.parts.observer)
  }
}
