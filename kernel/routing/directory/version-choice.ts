import { FIELD, FRAME } from '../../contract/in-shard.js'
import { hasConversation } from '../conversations/conversation-checks.js'
import { homeOf, type Conversations } from '../conversations/conversations.js'
import type { OpenConversation } from '../conversations/open-conversation.js'
import { findField, type Address } from '../frames/frame.js'
import type { NameTable } from './name-table.js'
import type { SharedName } from './name-split.js'
import { CALLER_HANDLE, type RouteTable } from './route-table.js'

/** What {@link VersionChoice} works with. */
export interface ChoiceParts {
  readonly place: number
  readonly names: NameTable
  readonly routes: RouteTable
  readonly conversations: Conversations
}

/**
 * Which version of an agent gets a message while two share its name: within a conversation the one that is part of it,
 * otherwise by the share of the roll-out. Asked only while there is a roll-out.
 */
export class VersionChoice {
  constructor (private readonly parts: ChoiceParts) {}

  /** For a message that is addressed by the name; undefined when nobody shares it. */
  ofName (name: string, view: DataView, at: number, sender: number): Address | undefined {
    const shared = this.parts.names.shared(name)
    if (shared === undefined) return undefined
    if (hasConversation(view, at)) return this.#inConversation(shared, view, at)
    // Callers are one to the others, and what opens a conversation stands for itself.
    if (sender === CALLER_HANDLE || findField(view, at, FIELD.protocol) >= 0) return shared.next()
    return shared.ofNumber(sender)
  }

  /** The initiator of a frame's conversation, if that is the other version of the receiver; else undefined. */
  initiatorBehind (view: DataView, at: number, receiver: number): Address | undefined {
    const conversation = this.#conversation(view, at)
    if (conversation === undefined) return undefined
    for (const shared of this.parts.names.allShared()) {
      const other = shared.otherOf(receiver)
      if (other?.handle === conversation.initiator) return other
    }
    return undefined
  }

  #inConversation (shared: SharedName, view: DataView, at: number): Address {
    const { place, conversations: { table: { branches } }, routes } = this.parts
    const { first, second } = shared.split
    const home = homeOf(view, at)
    if (home !== place) {
      // Its initiator lives there, and it is addressed by a participant: one of the two may not live there at all.
      const [isFirst, isSecond] = [routes.place(first.handle) === home, routes.place(second.handle) === home]
      return isSecond && !isFirst ? second : first
    }
    const conversation = this.#conversation(view, at)
    for (const version of [first, second]) {
      if (conversation === undefined) break
      if (conversation.initiator === version.handle || branches.find(conversation, version.handle) !== undefined) return version
    }
    return shared.ofNumber(view.getUint32(at + FRAME.conversation, true))
  }

  #conversation (view: DataView, at: number): OpenConversation | undefined {
    return this.parts.conversations.table.find(
      view.getUint32(at + FRAME.conversation, true), view.getInt32(at + FRAME.conversation + 4, true))
  }
}
