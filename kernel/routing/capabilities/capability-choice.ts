import { FRAME } from '../../contract/in-shard.js'
import { hashOf } from '../directory/byte-index.js'
import { hasConversation } from '../conversations/conversation-checks.js'
import type { Reach } from '../permissions/reach.js'
import { CONDITION, type RouteTable } from '../directory/route-table.js'
import type { CapabilityQuery } from './capability-table.js'

/** How many messages wait for an agent, as far as this thread can see. */
export interface WaitingMessages {
  waiting (handle: number): number
}

/** Most agents that are compared for one message: with more of them, it is the next so many in turn. */
export const COMPARED = 16

/** Chooses one of the agents that offer a capability. Makes no garbage. */
export class CapabilityChoice {
  /** To whom the next sender may write; undefined: everybody. */
  reach: Reach | undefined
  readonly #key = new Uint8Array(8)

  constructor (private readonly routes: RouteTable, private readonly messages: WaitingMessages) {}

  /**
   * The position among the members of a query of who gets the frame at `bytes[at]`, or -1 when none of them runs. Never
   * the sender itself.
   */
  choose (query: CapabilityQuery, bytes: Uint8Array, view: DataView, at: number, sender: number): number {
    if (query.choice === 'hash') return this.#next(query, this.#keyOf(bytes, view, at, sender) % Math.max(query.members.count, 1), sender)
    const chosen = query.choice === 'one' ? this.#leastLoaded(query, sender) : this.#next(query, query.cursor, sender)
    query.cursor = chosen + 1
    return chosen
  }

  /** Whether a member can be given messages that are addressed to a capability. */
  takes ({ members }: CapabilityQuery, index: number, sender: number): boolean {
    const handle = members.handles[index] ?? 0
    const { routes } = this
    const generation = members.generations[index] ?? 0
    return handle !== sender && routes.condition(handle) === CONDITION.running && routes.generation(handle) === generation &&
      this.reach?.mayWriteTo(handle, generation) !== false
  }

  /** The first from `from` on, beginning anew after the last. */
  #next (query: CapabilityQuery, from: number, sender: number): number {
    const { count } = query.members
    for (let step = 0; step < count; step++) {
      const index = (from + step) % count
      if (this.takes(query, index, sender)) return index
    }
    return -1
  }

  /** The one with the fewest waiting messages; of several, the first in turn. */
  #leastLoaded (query: CapabilityQuery, sender: number): number {
    const { count, handles } = query.members
    let best = -1
    let least = Infinity
    let compared = 0
    for (let step = 0; step < count && compared < COMPARED; step++) {
      const index = (query.cursor + step) % count
      if (!this.takes(query, index, sender)) continue
      compared += 1
      const load = this.messages.waiting(handles[index] ?? 0)
      if (load >= least) continue
      best = index
      least = load
      if (load === 0) break
    }
    return best
  }

  #keyOf (bytes: Uint8Array, view: DataView, at: number, sender: number): number {
    if (hasConversation(view, at)) return hashOf(bytes, at + FRAME.conversation, 8)
    const key = this.#key
    for (let byte = 0; byte < 4; byte++) key[byte] = sender >>> byte * 8 & 0xff
    return hashOf(key, 0, 8)
  }
}
