import { FRAME } from '../contract/in-shard.js'
import { conversationMode } from './conversations/conversations.js'
import type { FrameDispatch, LocalReceivers } from './frame-dispatch.js'
import { CONDITION, FIRST_AGENT_HANDLE, MAIN_PLACE, type RouteTable } from './directory/route-table.js'
import type { Undeliverable } from './undeliverable.js'

/** Told by delivery number (`FRAME.sequence`) what became of durable messages, in the receiver's thread. Must not block. */
export interface Settlements {
  /** `reason` undefined: it was handled, or answered for good. */
  settled (number: number, reason: Undeliverable | undefined): void
}

/** Takes what a sender sends until it is clear that it may go. */
export interface HeldBack extends LocalReceivers {
  /** A message began the conversation with this id. */
  began (low: number, high: number): void
}

/** What {@link DeliveryWays} works with. */
export interface WaysParts {
  readonly routes: RouteTable
  /** Absent in the thread that keeps durable messages. */
  readonly settlements?: Settlements
}

/** Which way a message goes: straight to its receiver, to be kept first, or nowhere until its sender's work is whole. One per thread. */
export class DeliveryWays {
  /** While it is there, what is sent goes to it, checked and stamped, instead of to where it belongs. */
  heldBack: HeldBack | undefined

  constructor (private readonly parts: WaysParts, private readonly dispatch: FrameDispatch) {}

  /** Position in `DELIVERY`: as the sender, the receiver or the conversation wants it at least. What goes to main's own is not kept. */
  modeOf (view: DataView, at: number, receiver: number): number {
    const { routes } = this.parts
    const mode = Math.max(view.getUint8(at + FRAME.delivery), routes.delivery(receiver), conversationMode(view, at))
    if (mode === 0 || routes.place(receiver) !== MAIN_PLACE || routes.condition(receiver) !== CONDITION.running) return mode
    return routes.slot(receiver) === 0 ? 0 : mode
  }

  /** Whether this thread keeps the frame that came in, instead of bringing it to its receiver. */
  isToKeep (view: DataView, at: number, receiver: number): boolean {
    return this.parts.settlements === undefined && view.getUint8(at + FRAME.delivery) !== 0 && this.modeOf(view, at, receiver) !== 0
  }

  /** Makes room for what a local sender sends. */
  reserve (receiver: number, length: number, inConversation: boolean, mode: number, sender: number): Undeliverable | undefined {
    const { dispatch, heldBack } = this
    if (heldBack !== undefined) return dispatch.reserveWith(heldBack, receiver, length, false)
    // Agents must leave room for others, who is in the main thread need not.
    const share = sender < FIRST_AGENT_HANDLE ? 0 : sender
    return mode === 0 ? dispatch.reserve(receiver, length, inConversation, false, share) : dispatch.reserveToKeep(receiver, length, share)
  }

  /** Whether the frame is a durable one, of which others decide what follows; they are told what became of it here. */
  settle (view: DataView, at: number, reason: Undeliverable | undefined): boolean {
    const { settlements } = this.parts
    if (settlements === undefined || view.getUint8(at + FRAME.delivery) === 0) return false
    settlements.settled(view.getUint32(at + FRAME.sequence, true), reason)
    return true
  }
}
