import { FRAME } from '../contract/in-shard.js'
import type { ConversationChecks } from './conversations/conversation-checks.js'
import type { ConversationStates } from './conversations/conversation-keeper.js'
import { openPicture } from './conversations/conversation-picture.js'
import type { Conversations } from './conversations/conversations.js'
import { wholeId, type OpenConversation } from './conversations/open-conversation.js'
import type { DeliveryWays, HeldBack } from './delivery-ways.js'
import { setChecked } from './frames/frame-flags.js'
import type { PlatformPost } from './platform-post.js'
import type { RouteTable } from './directory/route-table.js'
import type { Undeliverable } from './undeliverable.js'
import { viewOf } from './frames/frame.js'

/** What {@link HeldPost} works with. */
export interface HeldPostParts {
  readonly place: number
  readonly routes: RouteTable
  readonly conversations: Conversations
  /** Wall clock in milliseconds. */
  readonly now: () => number
}

/** What a frame takes that need be held back no more: see `Post`. */
interface OrdinaryPost {
  arrive (bytes: Uint8Array, view: DataView, at: number, length: number): void
  forward (frame: Uint8Array): Undeliverable | undefined
  bounce (bytes: Uint8Array, view: DataView, at: number, length: number, reason: Undeliverable): void
}

/** The post's ways for messages that are held back until their sender's work is whole. One per thread. */
export class HeldPost {
  constructor (
    private readonly parts: HeldPostParts,
    private readonly checks: ConversationChecks,
    private readonly ways: DeliveryWays,
    private readonly post: OrdinaryPost,
    private readonly platform: Pick<PlatformPost, 'refuse'>,
  ) {}

  /** While somebody is given, what is sent goes to it, checked and stamped, instead of to where it belongs. */
  holdBack (receivers: HeldBack | undefined): void {
    this.ways.heldBack = receivers
  }

  /** Forgets a conversation that was begun meanwhile. */
  unbegin (low: number, high: number): void {
    const { conversations, now } = this.parts
    const conversation = conversations.table.find(low, high)
    if (conversation !== undefined) conversations.discard(conversation, now())
  }

  /**
   * Has a frame checked before it goes on its way. False: it may not, and its sender was told. `isRepeat`: its step may have been taken
   * before, for work that could not be kept then.
   */
  vouch (frame: Uint8Array, isRepeat: boolean): boolean {
    const view = viewOf(frame)
    const verdict = this.checks.later(view, 0, view.getUint32(FRAME.sender, true), view.getUint32(FRAME.receiver, true))
    if (!verdict.legal && !isRepeat) {
      this.platform.refuse(frame.slice(), verdict)
      return false
    }
    if (this.checks.isChecked) setChecked(view, 0)
    return true
  }

  /** The states of conversations of this thread, by two words of the id of each. The same may come more than once. */
  states (words: readonly number[]): ConversationStates {
    const { place, conversations } = this.parts
    const open = new Set<OpenConversation>()
    const gone = new Set<bigint>()
    for (let word = 0; word < words.length; word += 2) {
      const [low = 0, high = 0] = [words[word], words[word + 1]]
      const conversation = conversations.table.find(low, high)
      if (high >>> 24 !== place) continue
      if (conversation === undefined) gone.add(wholeId(low, high))
      else open.add(conversation)
    }
    // Whatever becomes of them is to be reported, since they may be kept from now on.
    for (const conversation of open) conversations.changes.noteReported(conversation)
    return { changed: [...open].map(each => openPicture(conversations, each, Infinity, false)), gone: [...gone] }
  }

  /** Sends a frame on its way. */
  release (frame: Uint8Array): void {
    const { parts: { routes, place }, post } = this
    const view = viewOf(frame)
    if (routes.place(view.getUint32(FRAME.receiver, true)) === place) {
      post.arrive(frame, view, 0, frame.length)
      return
    }
    const reason = post.forward(frame)
    if (reason !== undefined) post.bounce(frame, view, 0, frame.length, reason)
  }
}
