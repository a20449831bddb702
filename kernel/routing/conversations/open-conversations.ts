import { ConversationBranches } from './conversation-branches.js'
import { ConversationIds } from './conversation-ids.js'
import type { ConversationLimits } from './conversation-limits.js'
import { OpenConversation } from './open-conversation.js'

/** Branches that a thread keeps for each conversation that it may have open, on average. */
const BRANCHES = 16
/** In the upper word of an id, the first of the bits that say how its messages are delivered. */
const DELIVERY_BIT = 22

/** The open conversations of a thread. Opening, finding, changing and closing make no garbage. */
export class OpenConversations {
  readonly branches = new ConversationBranches()
  readonly #ids: ConversationIds
  readonly #free: OpenConversation[] = []
  #made = 0
  /** By handle: how many its owner has open. */
  readonly #counts: number[] = []
  #oldest: OpenConversation | undefined
  #newest: OpenConversation | undefined

  /**
   * @param high The upper word of new ids, as a signed number; their delivery mode is added.
   * @param ids How many ids there are until they begin anew: at most 2³², and more than `limits.all`.
   */
  constructor (private readonly high: number, readonly limits: ConversationLimits, ids: number) {
    this.#ids = new ConversationIds(ids)
  }

  get size (): number {
    return this.#made - this.#free.length
  }

  /** The open conversation with the id, which is two 32-bit words. */
  find (low: number, high: number): OpenConversation | undefined {
    return this.#ids.find(low | 0, high | 0)
  }

  /** The same as {@link find}, by the whole id. */
  findId (id: bigint): OpenConversation | undefined {
    return this.find(Number(id & 0xffffffffn), Number(id >> 32n))
  }

  /** Whether one more participant would be too many. */
  isCrowded (conversation: OpenConversation): boolean {
    const { participants, all } = this.limits
    return conversation.branchCount >= participants || this.branches.size >= all * BRANCHES
  }

  /** The longest silent one. */
  get oldest (): OpenConversation | undefined {
    return this.#oldest
  }

  /** The one in which somebody spoke last. */
  get newest (): OpenConversation | undefined {
    return this.#newest
  }

  /** Those that an initiator opened, the longest silent first. Looks at all, unless it has none. */
  openedBy (initiator: number): OpenConversation[] {
    const found: OpenConversation[] = []
    const count = this.#counts[initiator] ?? 0
    for (let each = this.#oldest; each !== undefined && found.length < count; each = each.newer) {
      if (each.initiator === initiator) found.push(each)
    }
    return found
  }

  /** Opens one; undefined: this thread or this initiator has too many. */
  open (protocol: number, initiator: number, now: number, priority = 1, delivery = 0): OpenConversation | undefined {
    const conversation = this.#take(protocol, initiator, now, priority)
    if (conversation !== undefined) this.#ids.give(conversation, this.high | delivery << DELIVERY_BIT)
    return conversation
  }

  /** Opens one again that has an id already; undefined: there are too many, or it is open. */
  reopen (
    id: bigint, protocol: number, initiator: number, opened: number, now: number, priority: number,
  ): OpenConversation | undefined {
    if (this.findId(id) !== undefined) return undefined
    const conversation = this.#take(protocol, initiator, now, priority)
    if (conversation === undefined) return undefined
    conversation.opened = opened
    this.#ids.giveAgain(conversation, Number(id & 0xffffffffn) | 0, Number(id >> 32n) | 0)
    return conversation
  }

  close (conversation: OpenConversation): void {
    const { initiator } = conversation
    this.branches.clear(conversation)
    this.#ids.takeBack(conversation)
    this.#counts[initiator] = (this.#counts[initiator] ?? 1) - 1
    this.#leave(conversation)
    this.#free.push(conversation)
  }

  /** Somebody spoke in it. */
  touch (conversation: OpenConversation, now: number): void {
    // It stands where it belongs when somebody spoke in it in the same millisecond.
    if (conversation.touched === now) return
    conversation.touched = now
    this.#leave(conversation)
    this.#stand(conversation)
  }

  #take (protocol: number, initiator: number, now: number, priority: number): OpenConversation | undefined {
    while (initiator >= this.#counts.length) this.#counts.push(0)
    const count = this.#counts[initiator] ?? 0
    if (this.size >= this.limits.all || count >= this.limits.ofOne) return undefined
    this.#counts[initiator] = count + 1
    const conversation = this.#free.pop() ?? new OpenConversation(this.#made++)
    conversation.protocol = protocol
    conversation.initiator = initiator
    conversation.priority = priority
    conversation.opened = now
    conversation.touched = now
    this.#stand(conversation)
    return conversation
  }

  /** It becomes the newest. */
  #stand (conversation: OpenConversation): void {
    const before = this.#newest
    conversation.older = before
    conversation.newer = undefined
    if (before === undefined) this.#oldest = conversation
    else before.newer = conversation
    this.#newest = conversation
  }

  #leave (conversation: OpenConversation): void {
    const { older, newer } = conversation
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
  }
}
