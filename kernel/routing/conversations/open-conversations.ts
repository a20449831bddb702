import { ConversationBranches } from './conversation-branches.js'
import { ConversationIds } from './conversation-ids.js'
import type { ConversationLimits } from './conversation-limits.js'
import { LinkedRows } from './linked-rows.js'
import { NumberRows, roomForNumber } from './number-rows.js'

/** Branches that a thread keeps for each conversation that it may have open, on average. */
const BRANCHES = 16
/** In the upper word of an id, the first of the bits that say how its messages are delivered. */
const DELIVERY_BIT = 22
/** The only list of the conversations by age. */
const AGE = 0

const LOW = 0
const HIGH = 1
const PROTOCOL = 2
const INITIATOR_HANDLE = 3
const PRIORITY = 4
const BRANCH_COUNT = 5
/** The branch that was added last. */
const LATEST_BRANCH = 6
/** Branches that are not over. */
const UNFINISHED = 7
const COLUMNS = 8

/** The numbers that {@link OpenConversations.describe} copies, in this order. */
export const DESCRIBED = {
  low: LOW, high: HIGH, protocol: PROTOCOL, initiator: INITIATOR_HANDLE, priority: PRIORITY, branchCount: BRANCH_COUNT,
  count: BRANCH_COUNT + 1,
} as const

/**
 * The open conversations of a thread, as numbers in rows. A conversation is a small integer, good until it is closed;
 * its id outside is two 32-bit words. Opening, finding, changing and closing make no garbage.
 */
export class OpenConversations {
  readonly branches = new ConversationBranches()
  readonly #rows = new NumberRows(COLUMNS)
  readonly #ids: ConversationIds
  readonly #ofInitiators = new LinkedRows()
  /** Longest silent first. */
  readonly #byAge = new LinkedRows()
  /** Two for each: when it was opened, and when somebody spoke in it last. */
  #times = new Float64Array(0)

  /**
   * @param high The upper word of new ids, as a signed number; their delivery mode is added.
   * @param ids How many ids there are until they begin anew: at most 2³², and more than `limits.all`.
   */
  constructor (private readonly high: number, readonly limits: ConversationLimits, ids: number) {
    this.#ids = new ConversationIds(ids)
  }

  get size (): number {
    return this.#rows.used
  }

  /** The open conversation with the id, or -1. */
  find (low: number, high: number): number {
    return this.#ids.find(low, high)
  }

  low (conversation: number): number {
    return this.#rows.get(conversation, LOW) >>> 0
  }

  /** The upper word, as a signed number. Those from before the start of this thread have another than new ones. */
  highOf (conversation: number): number {
    return this.#rows.get(conversation, HIGH)
  }

  /** The whole id, where people and callers are concerned. */
  id (conversation: number): bigint {
    return BigInt(this.highOf(conversation) >>> 0) << 32n | BigInt(this.low(conversation))
  }

  /** The same as {@link find}, by the whole id. */
  findId (id: bigint): number {
    return this.find(Number(id & 0xffffffffn), Number(id >> 32n))
  }

  /** Number of its protocol. */
  protocol (conversation: number): number {
    return this.#rows.get(conversation, PROTOCOL)
  }

  /** Of all its messages, as the first one had it: 0 to 3. */
  priority (conversation: number): number {
    return this.#rows.get(conversation, PRIORITY)
  }

  /** Handle of the agent or caller that opened it. */
  initiator (conversation: number): number {
    return this.#rows.get(conversation, INITIATOR_HANDLE)
  }

  /** Wall-clock times of its beginning and of the latest message. */
  opened (conversation: number): number {
    return this.#times[conversation * 2] ?? 0
  }

  touched (conversation: number): number {
    return this.#times[conversation * 2 + 1] ?? 0
  }

  /** Copies what {@link DESCRIBED} names to `to`, from `at` on. */
  describe (conversation: number, to: Int32Array, at: number): void {
    const { words } = this.#rows
    const from = conversation * COLUMNS
    // One by one: a loop takes twice as long.
    to[at + LOW] = words[from + LOW] ?? 0
    to[at + HIGH] = words[from + HIGH] ?? 0
    to[at + PROTOCOL] = words[from + PROTOCOL] ?? 0
    to[at + INITIATOR_HANDLE] = words[from + INITIATOR_HANDLE] ?? 0
    to[at + PRIORITY] = words[from + PRIORITY] ?? 0
    to[at + BRANCH_COUNT] = words[from + BRANCH_COUNT] ?? 0
  }

  /** The branch that was added last, or -1; the others follow from it. */
  latestBranch (conversation: number): number {
    return this.#rows.get(conversation, LATEST_BRANCH)
  }

  branchCount (conversation: number): number {
    return this.#rows.get(conversation, BRANCH_COUNT)
  }

  /** Whether it has branches, all of which are over. */
  isOver (conversation: number): boolean {
    const { words } = this.#rows
    return words[conversation * COLUMNS + UNFINISHED] === 0 && words[conversation * COLUMNS + BRANCH_COUNT] !== 0
  }

  /** Whether one more participant would be too many. */
  isCrowded (conversation: number): boolean {
    const { participants, all } = this.limits
    return this.#rows.get(conversation, BRANCH_COUNT) >= participants || this.branches.size >= all * BRANCHES
  }

  /** The longest silent one, or -1. */
  get oldest (): number {
    return this.#byAge.first(AGE)
  }

  /** The one in which somebody spoke last, or -1. */
  get newest (): number {
    return this.#byAge.last(AGE)
  }

  /** The one that was silent for a little longer, or -1. */
  older (conversation: number): number {
    return this.#byAge.previous(conversation)
  }

  /** The one that an initiator opened first of those that are open, or -1. */
  firstOf (initiator: number): number {
    return this.#ofInitiators.first(initiator)
  }

  /** Opens one, or answers -1 when this thread or this initiator has too many. */
  open (protocol: number, initiator: number, now: number, priority = 1, delivery = 0): number {
    const conversation = this.#take(protocol, initiator, now, priority)
    const high = this.high | delivery << DELIVERY_BIT
    if (conversation >= 0) this.#name(conversation, this.#ids.give(conversation, high), high)
    return conversation
  }

  /** Opens one again that has an id already, or answers -1 when there are too many, or it is open. */
  reopen (id: bigint, protocol: number, initiator: number, opened: number, now: number, priority: number): number {
    if (this.findId(id) >= 0) return -1
    const conversation = this.#take(protocol, initiator, now, priority)
    if (conversation < 0) return -1
    this.#times[conversation * 2] = opened
    const [low, high] = [Number(id & 0xffffffffn), Number(id >> 32n)]
    this.#ids.giveAgain(conversation, low, high)
    this.#name(conversation, low, high)
    return conversation
  }

  close (conversation: number): void {
    const { words } = this.#rows
    const at = conversation * COLUMNS
    this.branches.clear(words[at + LATEST_BRANCH] ?? -1, words[at + BRANCH_COUNT] ?? 0)
    this.#ids.takeBack(words[at + LOW] ?? 0, words[at + HIGH] ?? 0)
    this.#ofInitiators.remove(words[at + INITIATOR_HANDLE] ?? 0, conversation)
    this.#byAge.remove(AGE, conversation)
    this.#rows.giveBack(conversation)
  }

  /** Somebody spoke in it. */
  touch (conversation: number, now: number): void {
    // It stands where it belongs when somebody spoke in it in the same millisecond.
    if (this.#times[conversation * 2 + 1] === now) return
    this.#times[conversation * 2 + 1] = now
    this.#byAge.moveToEnd(AGE, conversation)
  }

  /** The branch of a participant, or -1. */
  branchOf (conversation: number, participant: number): number {
    const { words } = this.#rows
    const at = conversation * COLUMNS
    return this.branches.find(conversation, words[at + LATEST_BRANCH] ?? -1, words[at + BRANCH_COUNT] ?? 0, participant)
  }

  /** Adds the branch of a participant that has none. Enter its first state next. */
  addBranch (conversation: number, participant: number, state: number): number {
    const { words } = this.#rows
    const at = conversation * COLUMNS
    const count = words[at + BRANCH_COUNT] ?? 0
    const branch = this.branches.add(conversation, words[at + LATEST_BRANCH] ?? -1, count, participant, state)
    words[at + LATEST_BRANCH] = branch
    words[at + BRANCH_COUNT] = count + 1
    words[at + UNFINISHED] = (words[at + UNFINISHED] ?? 0) + 1
    return branch
  }

  /** A branch of a conversation changes its state. `finished`: 1 when it is over now and was not before, -1 the other way round, else 0. */
  enter (conversation: number, branch: number, state: number, finished: number): void {
    this.branches.setState(branch, state)
    if (finished === 0) return
    const { words } = this.#rows
    const at = conversation * COLUMNS + UNFINISHED
    words[at] = (words[at] ?? 0) - finished
  }

  #take (protocol: number, initiator: number, now: number, priority: number): number {
    if (this.size >= this.limits.all || this.#ofInitiators.count(initiator) >= this.limits.ofOne) return -1
    const conversation = this.#rows.take()
    const { words } = this.#rows
    const at = conversation * COLUMNS
    words[at + PROTOCOL] = protocol
    words[at + INITIATOR_HANDLE] = initiator
    words[at + PRIORITY] = priority
    words[at + LATEST_BRANCH] = -1
    words[at + BRANCH_COUNT] = 0
    words[at + UNFINISHED] = 0
    this.#ofInitiators.add(initiator, conversation)
    this.#byAge.add(AGE, conversation)
    this.#times = roomForNumber(this.#times, conversation * 2 + 1)
    this.#times[conversation * 2] = now
    this.#times[conversation * 2 + 1] = now
    return conversation
  }

  #name (conversation: number, low: number, high: number): void {
    const { words } = this.#rows
    words[conversation * COLUMNS + LOW] = low
    words[conversation * COLUMNS + HIGH] = high
  }
}
